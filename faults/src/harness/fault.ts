/** The numbers that a fault run measured. `--json` prints them. */
export interface Figures {
  readonly attempts: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly twice: number;
  readonly unexpected: number;
  readonly recovered: number;
  readonly conflicts: number;
  readonly totalsExact: boolean;
  /** The median time from the end of the fault to the first definite outcome. `null` if it was not measured. */
  readonly recoveryMs: number | null;
  /** The server's peak memory in MiB. `null` if it was not measured. */
  readonly peakRssMb: number | null;
  /** Descriptions of failures. */
  readonly failures: readonly string[];
  /** Other remarks. */
  readonly notes: readonly string[];
}

export interface FaultContext {
  /** The number of times that the fault happens. */
  readonly rounds: number;
  readonly seed: number;
  /** Returns random numbers in [0, 1) from the seed. */
  readonly random: () => number;
  /** Called with progress lines. */
  readonly say: (line: string) => void;
}

/** One fault run. */
export interface Fault {
  /** The name, such as `F1`. */
  readonly name: string;
  readonly title: string;
  readonly rounds: { readonly full: number; readonly short: number };
  run(context: FaultContext): Promise<Figures>;
}
