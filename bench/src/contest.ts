/** What a value counts. A rate is better when there is more of it, a duration or a size when there is less. */
export interface Unit {
  readonly name: string;
  readonly better: "more" | "less";
}

export const EVENTS_A_SECOND: Unit = { name: "events/s", better: "more" };

/** What a row is held against. */
export interface Comparison {
  /** Another row of the same contest; `null`: the bar is for the value itself. */
  readonly against: string | null;
  /** What the ratio (or the value) must reach, or must not exceed where less is better; `null`: it is told, not judged. */
  readonly bar: number | null;
}

/** One thing that is measured. */
export interface Row {
  readonly name: string;
  readonly unit: Unit;
  readonly comparisons: readonly Comparison[];
}

/** Measures a row once, from a state of its own. Throws where what was counted is not what was sent. */
export type Measure = () => Promise<number>;

/** Rows that share their input and are measured in the same rounds, so that their ratios mean something. */
export interface Contest {
  readonly rows: readonly Row[];
  /** Makes what the rows share, once, and yields the measure of each row by its name. */
  prepare(setting: Setting): Promise<ReadonlyMap<string, Measure>>;
}

export interface Setting {
  /** A Postgres of the bench's own, as its superuser. */
  readonly url: string;
  /** Whether to look rather than to measure: less input. */
  readonly quick: boolean;
}
