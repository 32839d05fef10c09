import { median } from "@evt/figures";
import type { Comparison, Row, Unit } from "./contest.js";
import type { Measurements } from "./rounds.js";

/** One line of the table: the result of a row, with one of its comparisons if it has any. */
export interface Standing {
  readonly row: string;
  /** The median over the rounds. */
  readonly value: number;
  readonly unit: Unit;
  readonly against: string | null;
  /** The median of the rounds' ratios. A slow round hardly changes it. */
  readonly ratio: number | null;
  /** A minimum if more is better, a maximum if less is better. */
  readonly bar: number | null;
  readonly holds: boolean | null;
}

/** Returns one line for each comparison of each row, or one line for a row without comparisons. */
export function standings(rows: readonly Row[], measurements: Measurements): readonly Standing[] {
  return rows.flatMap((row) => {
    const comparisons = row.comparisons.length > 0 ? row.comparisons : [{ against: null, bar: null }];
    return comparisons.map((comparison) => standing(row, comparison, measurements));
  });
}

function standing({ name, unit }: Row, { against, bar }: Comparison, measurements: Measurements): Standing {
  const values = valuesOf(name, measurements);
  const value = median(values);
  const ratio = against === null ? null : medianRatio(values, bestOf([against].flat(), unit, measurements));
  const judged = ratio ?? value;
  const holds = bar === null ? null : unit.better === "more" ? judged >= bar : judged <= bar;
  return { row: name, value, unit, against: nameOf(against), ratio, bar, holds };
}

function nameOf(against: Comparison["against"]): string | null {
  return typeof against === "string" || against === null ? against : `the best of ${against.join(", ")}`;
}

/** Returns the rivals' best value in each round. */
function bestOf(rivals: readonly string[], { better }: Unit, measurements: Measurements): readonly number[] {
  const [first = [], ...others] = rivals.map((rival) => valuesOf(rival, measurements));
  const best = better === "more" ? Math.max : Math.min;
  return first.map((value, round) => best(value, ...others.map((values) => values[round] as number)));
}

function medianRatio(values: readonly number[], others: readonly number[]): number {
  return median(values.map((value, round) => value / (others[round] as number)));
}

function valuesOf(name: string, measurements: Measurements): readonly number[] {
  const values = measurements.get(name);
  if (values === undefined) throw new Error(`${name} was not measured`);
  return values;
}
