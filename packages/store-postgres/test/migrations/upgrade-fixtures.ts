/** What the rows of a schema look like before a step, next to those that the current store writes. */
export interface UpgradeFixture {
  /**
   * Changes rows that the current store wrote, in the columns of the schema before the step, to what the version
   * before the step wrote. `schema` needs no quotes.
   */
  readonly asBefore: (schema: string) => string;
  /** The columns, as `table.column`, that the step fills; all other columns stay unchanged. */
  readonly fills: readonly string[];
}

const NOTHING: UpgradeFixture = { asBefore: () => "", fills: [] };

/** By the new version. The test of upgrades fails for a step without a fixture. */
export const UPGRADES: ReadonlyMap<number, UpgradeFixture> = new Map([
  [1, NOTHING],
  // adds parked.reasons, which stays empty, and replay
  [2, NOTHING],
  // adds outbox
  [3, NOTHING],
  // adds late_arrival, and replaces make_partition
  [4, NOTHING],
  // adds columns of parked, which stay null
  [5, NOTHING],
  // adds an index of parked
  [6, NOTHING],
  [
    7,
    {
      // parked by version 1; version 2 wrote reasons
      asBefore: (schema) => `update ${schema}.parked set reasons = '{}' where get_byte(id, 0) < 128`,
      fills: ["parked.reasons"],
    },
  ],
  // adds a column of parked, which stays null
  [8, NOTHING],
  // adds an index of parked
  [9, NOTHING],
]);
