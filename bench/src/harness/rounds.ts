import type { Measure } from "./contest.js";
import { collectGarbage } from "./garbage.js";

/** The values of each row, one per round. */
export type Measurements = ReadonlyMap<string, readonly number[]>;

export interface RoundsOptions {
  readonly rounds: number;
  /** Called with each value. Round 0 is the warm-up. */
  readonly onMeasured?: (row: string, value: number, round: number) => void;
}

/**
 * Measures every row once in each round, so that a slow phase of the machine affects all rows. The order shifts by one from
 * round to round, so that no row always runs first. The first round is a warm-up, whose values are dropped.
 */
export async function interleavedRounds(
  measures: ReadonlyMap<string, Measure>,
  { rounds, onMeasured = () => undefined }: RoundsOptions,
): Promise<Measurements> {
  const order = [...measures];
  const kept = new Map(order.map(([name]) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < order.length; turn++) {
      const [name, measure] = order[(turn + round) % order.length] as [string, Measure];
      collectGarbage();
      const value = await measure();
      onMeasured(name, value, round);
      if (round > 0) kept.get(name)?.push(value);
    }
  }
  return kept;
}
