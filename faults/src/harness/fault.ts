/** What a fault came to: what FAULTS are judged by, and what `--json` prints. */
export interface Figures {
  readonly attempts: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly twice: number;
  readonly unexpected: number;
  readonly recovered: number;
  readonly conflicts: number;
  readonly totalsExact: boolean;
  /** The median time from the fault's end to the first answer that settles something; `null` where that means nothing. */
  readonly recoveryMs: number | null;
  /** The most memory that the server took; `null` where it was not looked at. */
  readonly peakRssMb: number | null;
  /** What did not hold, in words; what else is worth telling. */
  readonly failures: readonly string[];
  readonly notes: readonly string[];
}

export interface FaultContext {
  /** How often the fault is to befall. */
  readonly rounds: number;
  readonly seed: number;
  /** In [0, 1), from the seed. */
  readonly random: () => number;
  /** Told how far it is. */
  readonly say: (line: string) => void;
}

/** One fault of the matrix. */
export interface Fault {
  /** `F1`. */
  readonly name: string;
  readonly title: string;
  readonly rounds: { readonly full: number; readonly short: number };
  run(context: FaultContext): Promise<Figures>;
}
