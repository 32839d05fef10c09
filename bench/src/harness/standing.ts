import { median } from "@evt/figures";
import type { Comparison, Row, Unit } from "./contest.js";
import type { Measurements } from "./rounds.js";

/** How a row stands: one line of the table. */
export interface Standing {
  readonly row: string;
  /** The median over the rounds. */
  readonly value: number;
  readonly unit: Unit;
  readonly against: string | null;
  /** The median over the rounds of the ratio within a round: what slowed a whole round down is not in it. */
  readonly ratio: number | null;
  /** A floor where more is better, a ceiling where less is. */
  readonly bar: number | null;
  readonly holds: boolean | null;
}

/** For each row a line for each of its comparisons, or one where it has none. */
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

/** Round by round, the best of the rivals. */
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
