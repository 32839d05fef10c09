/** What a value counts. A rate is better when there is more of it, a duration or a size when there is less. */
export interface Unit {
  readonly name: string;
  readonly better: "more" | "less";
}

export const EVENTS_A_SECOND: Unit = { name: "events/s", better: "more" };
export const ANSWERS_A_SECOND: Unit = { name: "answers/s", better: "more" };
export const MILLISECONDS: Unit = { name: "ms", better: "less" };
export const MEGABYTES: Unit = { name: "MB", better: "less" };

/** What a row is held against. */
export interface Comparison {
  /** Another row of the same contest, or the best of several; `null`: the bar is for the value itself. */
  readonly against: string | readonly string[] | null;
  /** What the ratio (or the value) must reach, or must not exceed where less is better; `null`: it is told, not judged. */
  readonly bar: number | null;
}

/** One thing that is measured. */
export interface Row {
  readonly name: string;
  readonly unit: Unit;
  readonly comparisons: readonly Comparison[];
}

/** Rows of one unit. */
export function rowsOf(unit: Unit): (name: string, ...comparisons: Row["comparisons"]) => Row {
  return (name, ...comparisons) => ({ name, unit, comparisons });
}

/** Measures a row once, from a state of its own. Throws where what was counted is not what was sent. */
export type Measure = () => Promise<number>;

/** Rows that share their input and are measured in the same rounds, so that their ratios mean something. */
export interface Contest {
  readonly rows: readonly Row[];
  /** How many rounds at most, where one takes long. */
  readonly mostRounds?: number;
  /** Makes what the rows share, once, and yields the measure of each row by its name. `wanted`: those that will be asked for. */
  prepare(setting: Setting, wanted: ReadonlySet<string>): Promise<Prepared>;
}

export interface Prepared {
  readonly measures: ReadonlyMap<string, Measure>;
  /** Lets go of what was made. */
  dispose?(): Promise<void>;
}

/** The rows that another row is held against. */
export function rivalsOf({ comparisons }: Row): readonly string[] {
  return comparisons.flatMap(({ against }) => against ?? []);
}

export interface Setting {
  /** A Postgres of the bench's own, as its superuser. */
  readonly url: string;
  /** Whether to look rather than to measure: less input. */
  readonly quick: boolean;
  /** Told what takes long while it is made. */
  readonly onProgress: (line: string) => void;
}
