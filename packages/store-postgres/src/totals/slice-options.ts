/** Which tallies a slice folds. */
export interface SliceOptions {
  /** Maximum number of cells to fold. A single tally is folded regardless of its size. */
  readonly cells: number;
  /** The places of tallies to skip. */
  readonly skipped: readonly string[];
  /** The last tenant of the slice before. The slice begins with the next tenant. Empty for the first slice. */
  readonly after: string;
  /** Whether to wait for the lock while another process holds it. @defaultValue false */
  readonly waits?: boolean;
}
