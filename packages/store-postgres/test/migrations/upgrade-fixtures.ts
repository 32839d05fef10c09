/** Rows as they are before a step, created from rows that the current store wrote. */
export interface UpgradeFixture {
  /**
   * Changes rows that the current store wrote to the values that the previous version wrote, in the schema's columns
   * before the step. `schema` does not need quotes.
   */
  readonly asBefore: (schema: string) => string;
  /** The columns, as `table.column`, that the step backfills. All other columns are unchanged. */
  readonly fills: readonly string[];
  /** The table whose rows the step adds. */
  readonly adds?: string;
}

const NOTHING: UpgradeFixture = { asBefore: () => "", fills: [] };

/** The fixtures by new version. The test of upgrades fails for a step without a fixture. */
export const UPGRADES: ReadonlyMap<number, UpgradeFixture> = new Map([
  [1, NOTHING],
  // adds parked.reasons, which remains empty, and replay
  [2, NOTHING],
  // adds outbox
  [3, NOTHING],
  // adds late_arrival, and replaces make_partition
  [4, NOTHING],
  // adds columns of parked, which remain null
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
  // adds a column of parked, which remains null
  [8, NOTHING],
  // adds an index of parked
  [9, NOTHING],
  // adds columns of claim, which remain null
  [10, NOTHING],
  // adds day_total, and a column of tally, which remains null
  [11, NOTHING],
  // the rows of `rollup` come from the view that replaces it
  [
    12,
    {
      asBefore: (schema) => `delete from ${schema}.day_total where per <> 'm'`,
      fills: [],
      adds: "day_total",
    },
  ],
  // replaces rollup by a view
  [13, NOTHING],
  // adds an index of tally
  [14, NOTHING],
  // adds month_total and sealed_month
  [15, NOTHING],
  // adds columns of event and parked, which remain null
  [16, NOTHING],
  // adds seen_name, and a trigger that fills it
  [17, NOTHING],
  [
    18,
    {
      asBefore: (schema) => `delete from ${schema}.seen_name where per = 's' or name < 'metric'`,
      fills: [],
      adds: "seen_name",
    },
  ],
  // adds a column of tally
  [19, NOTHING],
  // adds combination, combination_total, combination_gap, columns of tally, and a trigger
  [20, NOTHING],
]);
