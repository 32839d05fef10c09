import { type AggregationQuery, createEvt, isEvtError } from "@evt/core";
import { recount, retain } from "@evt/store-postgres";
import fc from "fast-check";
import { expect, it } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import { unprepared } from "../../src/connection/statement.js";
import { onConnection } from "../../src/connection/transaction.js";
import { foldSlice } from "../../src/totals/fold-slice.js";
import { FoldStatements } from "../../src/totals/fold-statement.js";
import { sealMonths } from "../../src/upkeep/seal-months.js";
import { createFixture, type Fixture } from "../fixture.js";
import { insert, recordOf } from "../records.js";
import { arrivedLongAgo } from "../upkeep/arrived-long-ago.js";
import { amount, around, client, EDGES, metric, queryOver } from "./any-totals.js";
import { folded } from "./folded.js";
import { canonical, comparable, micros, type Sent, totalsOf } from "./totals-of-events.js";

const ALL_TIME = { from: "0001-01-01T00:00:00Z", to: "9999-12-31T00:00:00Z" };
const QUARTER = 900_000_000n;
const QUARTERS_PER_DAY = 96;
/** No history begins later than this. It also ends the search for a shorter history that fails. */
const MOST_MS = 30_000;

/** The months in which events arrive. */
const MONTHS = ["2025-01", "2025-02", "2025-03"] as const;

const FAR = ["0099-12-31T23:59:59", "1899-12-31T00:00:00", "2999-01-01T00:00:00", "9998-12-31T23:45:00"];
const timestamp = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...EDGES) },
  { weight: 1, arbitrary: fc.constantFrom(...FAR.flatMap(around)) },
);
const anyClient = fc.oneof(
  { weight: 2, arbitrary: client },
  { weight: 1, arbitrary: fc.nat({ max: 500 }).map((n) => `client ${n}`) },
);
const sent: fc.Arbitrary<Sent> = fc.record({ client: anyClient, metric, amount, timestamp });
const tenant = fc.constantFrom("acme", "beta");
const arrival = fc.nat({ max: MONTHS.length - 1 });

/** One step of a history. */
type Step =
  | {
      readonly do: "insert";
      readonly tenant: string;
      readonly events: readonly Sent[];
      readonly arrival: number;
    }
  /** Inserts an event in each quarter hour of a day, several times, each followed by a fold. */
  | { readonly do: "fill a day"; readonly tenant: string; readonly event: Sent; readonly times: number }
  /** Folds one slice. */
  | { readonly do: "fold"; readonly cells: number }
  /** Folds all tallies, and seals the months. */
  | { readonly do: "seal the months" }
  /** Spoils a stored total, unless it may be of pruned events, and repairs a range that contains it. */
  | { readonly do: "repair"; readonly row: number; readonly spoil: Spoil; readonly quarters: number }
  | { readonly do: "retain"; readonly until: number };

const SPOILS = {
  nothing: "select 1",
  "the sum": "update $schema.day_total set sum = sum + 0.1 where ctid = $1",
  "the count": "update $schema.day_total set count = count + 1 where ctid = $1",
  "a cell": "update $schema.day_total set sums[1] = sums[1] - 1, sum = sum - 1 where ctid = $1",
  "the months":
    "update $schema.month_total set sum = sum + 1 where month = (select date_trunc('month', day::timestamp)::date from $schema.day_total where ctid = $1)",
  "all columns": "delete from $schema.day_total where ctid = $1",
} as const;
type Spoil = keyof typeof SPOILS;

const spoil = fc.constantFrom(...(Object.keys(SPOILS) as Spoil[]));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("insert"),
      tenant,
      events: fc.array(sent, { minLength: 1, maxLength: 30, size: "max" }),
      arrival,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("fill a day"),
      tenant,
      event: sent,
      times: fc.integer({ min: 2, max: 4 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("fold"), cells: fc.constantFrom(1, 10, 40, 1_000) }) },
  { weight: 4, arbitrary: fc.constant({ do: "seal the months" } as const) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("repair"),
      row: fc.nat({ max: 1_000 }),
      spoil,
      quarters: fc.nat({ max: 2 * QUARTERS_PER_DAY }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("retain"), until: arrival }) },
);

interface Counted extends Sent {
  readonly tenant: string;
  readonly arrival: number;
  isPruned: boolean;
}

/** A database, and the events that it must have counted. */
class History {
  readonly #made: Fixture;
  readonly #statements: FoldStatements;
  readonly #events: Counted[] = [];
  #last = "";

  constructor(made: Fixture) {
    this.#made = made;
    this.#statements = new FoldStatements(made.schema, unprepared);
  }

  async run(step: Step): Promise<void> {
    switch (step.do) {
      case "insert":
        return this.#insert(step.tenant, step.events, step.arrival);
      case "fill a day":
        for (let time = 0; time < step.times; time++) {
          await this.#insert(step.tenant, throughoutDay(step.event), MONTHS.length - 1);
          await this.#fold(100_000);
        }
        return;
      case "fold":
        return this.#fold(step.cells);
      case "seal the months":
        await this.#fold(100_000);
        return onConnection(this.#made.admin, (query) => sealMonths(this.#made.schema, new Date(), query));
      case "repair":
        return this.#repair(step);
      case "retain":
        return this.#retain(step.until);
    }
  }

  async #insert(tenant: string, events: readonly Sent[], arrival: number): Promise<void> {
    const records = events.map(({ client, metric, amount, timestamp }) =>
      recordOf({
        tenantId: tenant,
        clientId: client,
        metric,
        amount: canonical(amount),
        timestamp,
        receivedAt: `${MONTHS[arrival]}-15T12:00:00.000Z`,
      }),
    );
    expect(new Set(await insert(this.#made.store, records))).toEqual(new Set(["inserted"]));
    this.#events.push(...events.map((event) => ({ ...event, tenant, arrival, isPruned: false })));
  }

  async #fold(cells: number): Promise<void> {
    const slice = await onConnection(this.#made.admin, (query) =>
      foldSlice(({ text, values }) => query(text, values), this.#statements, {
        cells,
        skipped: [],
        after: this.#last,
      }),
    );
    expect(slice.outcome).toBe("folded");
    if (slice.outcome === "folded") this.#last = slice.last;
  }

  async #repair({ row, spoil, quarters }: Step & { readonly do: "repair" }): Promise<void> {
    const { admin, schema } = this.#made;
    // the totals of pruned events by client and metric have no other source, so they cannot be repaired
    const spoilable = this.#events.some(({ isPruned }) => isPruned) ? "per <> 's'" : "true";
    const { rows } = await admin.query<{ place: string; day: string }>(
      `select ctid::text as place, to_char(day, 'YYYY-MM-DD') as day from ${schema}.day_total where ${spoilable} order by day, per, client_id, metric`,
    );
    const chosen = rows[row % rows.length];
    if (chosen === undefined) return;
    const text = SPOILS[spoil].replaceAll("$schema", schema);
    const { rowCount } = await admin.query(text, text.includes("$1") ? [chosen.place] : []);
    const spoilt = spoil !== "nothing" && rowCount !== 0;
    const day = Date.parse(`${chosen.day}T00:00:00Z`);
    const ms = Number(QUARTER / 1_000n);
    const range = {
      from: new Date(day - quarters * ms).toISOString(),
      to: new Date(day + (QUARTERS_PER_DAY + quarters) * ms).toISOString(),
    };
    const { differences, repaired } = await recount(admin, { schema, ...range, repair: true });
    expect([differences.length > 0, repaired]).toEqual([spoilt, spoilt]);
    expect((await recount(admin, { schema, ...range })).differences).toEqual([]);
  }

  async #retain(until: number): Promise<void> {
    await arrivedLongAgo(this.#made);
    const { admin, schema } = this.#made;
    const before = new Date(Date.UTC(2025, until + 1)).toISOString();
    const months = await retain(admin, { schema, before });
    const pruned = this.#events.filter(({ arrival, isPruned }) => arrival <= until && !isPruned);
    expect(months.reduce((sum, { events }) => sum + events, 0)).toBe(pruned.length);
    for (const event of pruned) event.isPruned = true;
  }

  /** Expects exact totals, or a refusal if the query splits a quarter hour with pruned events. */
  async check(tenant: string, query: AggregationQuery): Promise<void> {
    const events = this.#events.filter((event) => event.tenant === tenant);
    const evt = createEvt({ store: this.#made.store }).tenant(tenant);
    const { rows } = await evt.aggregate(query).catch((error: unknown) => {
      if (isEvtError(error, "EVT_PRUNED")) return { rows: null };
      throw error;
    });
    if (rows === null) expect(splitsPruned(events, query)).not.toBe(false);
    else {
      expect(splitsPruned(events, query)).not.toBe(true);
      const totals = rows.filter(({ count }) => count > 0).map(comparable);
      expect(totals.sort()).toEqual(totalsOf(events, query).sort());
    }
  }

  /** Expects that nothing is left to fold, and that every total equals its events. */
  async checkAll(): Promise<void> {
    const { admin, schema } = this.#made;
    const range = { schema, ...ALL_TIME };
    expect((await recount(admin, range)).differences).toEqual([]);
    await folded(this.#made);
    expect((await recount(admin, range)).differences).toEqual([]);
    const { rows } = await admin.query(
      `select max(cardinality(quarters)) as cells, (select count(*)::int from ${schema}.tally) as tallies from ${schema}.day_total`,
    );
    expect(rows[0].tallies).toBe(0);
    expect(rows[0].cells ?? 0).toBeLessThanOrEqual(2 * QUARTERS_PER_DAY);
  }
}

/** Returns whether the query must be refused. `null`: it depends on the buckets of the zone. */
function splitsPruned(
  events: readonly Counted[],
  { from, to, interval, timeZone = "UTC" }: AggregationQuery,
): boolean | null {
  const pruned = new Set(
    events.filter(({ isPruned }) => isPruned).map(({ timestamp }) => quarterOf(timestamp)),
  );
  const ends = [from, to].filter((end) => end !== undefined).map(String);
  const splits = ends.some((end) => micros(end) !== quarterOf(end) && pruned.has(quarterOf(end)));
  // before 1972, some zones had offsets that are no whole quarter hours
  const mayBeCut = interval !== undefined && timeZone !== "UTC" && String(from) < "1972";
  return !splits && pruned.size > 0 && mayBeCut ? null : splits;
}

/** Returns the start of the quarter hour of an instant, in microseconds since 1970. */
function quarterOf(instant: string): bigint {
  const at = micros(instant);
  return at - (((at % QUARTER) + QUARTER) % QUARTER);
}

/** Returns the event at a moment of each quarter hour of its day in UTC. */
function throughoutDay(event: Sent): Sent[] {
  const midnight = Date.parse(`${event.timestamp.slice(0, 10)}T00:00:00Z`);
  return Array.from({ length: QUARTERS_PER_DAY }, (_, quarter) => ({
    ...event,
    timestamp: new Date(midnight + quarter * 900_000 + quarter).toISOString(),
  }));
}

it("totals equal the fold over the events to the last digit, after each step of any history", async () => {
  const queries = fc.array(fc.tuple(tenant, queryOver(timestamp)), { minLength: 3, maxLength: 3 });
  const steps = fc.array(fc.record({ step, queries }), { minLength: 1, maxLength: 12, size: "max" });
  const end = performance.now() + MOST_MS;
  const property = fc.asyncProperty(steps, async (history) => {
    if (performance.now() > end) return;
    const made = await createFixture({
      foldEvery: 0,
      reused: true,
      months: { now: new Date("2025-01-01T00:00:00Z") },
    });
    try {
      const tested = new History(made);
      for (const { step, queries } of history) {
        await tested.run(step);
        for (const query of queries) await tested.check(...query);
      }
      await tested.checkAll();
      for (const query of history[0]?.queries ?? []) await tested.check(...query);
    } finally {
      await made.dispose();
    }
  });
  await fc.assert(property, { numRuns: depth(20, 100) });
});
