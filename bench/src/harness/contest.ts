/** The unit of a value, and whether more or less is better. */
export interface Unit {
  readonly name: string;
  readonly better: "more" | "less";
}

export const EVENTS_A_SECOND: Unit = { name: "events/s", better: "more" };
export const ANSWERS_A_SECOND: Unit = { name: "answers/s", better: "more" };
export const MILLISECONDS: Unit = { name: "ms", better: "less" };
export const MEGABYTES: Unit = { name: "MB", better: "less" };
export const BYTES_AN_EVENT: Unit = { name: "bytes/event", better: "less" };
export const CELLS: Unit = { name: "cells", better: "less" };

/** A comparison of a row with other rows. */
export interface Comparison {
  /**
   * Another row of the same contest, or several rows, of which the best one is used. `null`: the bar applies to the
   * value itself.
   */
  readonly against: string | readonly string[] | null;
  /** The limit for the ratio or the value: a minimum if more is better, a maximum if less is better. `null`: no limit. */
  readonly bar: number | null;
}

/** One measured value, with its comparisons. */
export interface Row {
  readonly name: string;
  readonly unit: Unit;
  readonly comparisons: readonly Comparison[];
}

/** Returns a function that creates rows with this unit. */
export function rowsOf(unit: Unit): (name: string, ...comparisons: Row["comparisons"]) => Row {
  return (name, ...comparisons) => ({ name, unit, comparisons });
}

/** Measures a row once. Throws if the results of the measured work are wrong. */
export type Measure = () => Promise<number>;

/** A contest: rows with the same input, measured in the same rounds, so that they can be compared. */
export interface Contest {
  readonly rows: readonly Row[];
  /** The maximum number of rounds, for contests in which a round takes long. */
  readonly maxRounds?: number;
  /**
   * Prepares the shared input once and returns the measures by row name. `wanted` are the rows that will be measured.
   */
  prepare(setting: Setting, wanted: ReadonlySet<string>): Promise<Prepared>;
}

export interface Prepared {
  readonly measures: ReadonlyMap<string, Measure>;
  /** Frees the prepared input. */
  dispose?(): Promise<void>;
}

/** Returns the names of the rows that a row is compared with. */
export function rivalsOf({ comparisons }: Row): readonly string[] {
  return comparisons.flatMap(({ against }) => against ?? []);
}

export interface Setting {
  /** The URL of a Postgres that only the bench uses, with the role of a superuser. */
  readonly url: string;
  /** Whether to run quickly, with less input. */
  readonly quick: boolean;
  /** Whether to run the rows of many series with five times as many events. */
  readonly full: boolean;
  /** Called with progress lines. */
  readonly onProgress: (line: string) => void;
}
