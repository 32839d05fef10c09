import type { Measure } from "./contest.js";
import { collectGarbage } from "./garbage.js";

/** The values of a row, one a round, in the order of the rounds. */
export type Measurements = ReadonlyMap<string, readonly number[]>;

export interface RoundsOptions {
  readonly rounds: number;
  /** Told of each value as it comes; round 0 is the warm-up. */
  readonly onMeasured?: (row: string, value: number, round: number) => void;
}

/**
 * Measures every row once a round, in an order that moves on by one from round to round: what disturbs the machine
 * for a while disturbs them all, and none always runs first. A round before the first warms up and is not kept.
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
