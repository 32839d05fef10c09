import { type AggregationQuery, type AggregationRow, createEvt, type Evt } from "@evt/core";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import { aggregateQuery } from "../../src/totals/aggregate-query.js";
import { createFixture, type Fixture } from "../fixture.js";
import { folded } from "./folded.js";

let made: Fixture;
let evt: Evt;
beforeAll(async () => {
  made = await createFixture();
  evt = createEvt({ store: made.store, mapping: { earliest: "1900-01-01" } });
});
afterAll(() => made.dispose());

interface Sent {
  readonly client: string;
  readonly metric: string;
  readonly amount: string;
  readonly timestamp: string;
}

// The starts and ends of days of 23 and 25 hours, of a zone change by 19 minutes and 32 seconds, of years and of
// quarter hours, and a microsecond before and after each.
const EDGES = [
  "2024-03-10T05:00:00",
  "2024-03-10T07:00:00",
  "2024-03-11T04:00:00",
  "2024-11-03T06:00:00",
  "2024-04-06T15:00:00",
  "2024-04-06T13:30:00",
  "2024-03-10T18:15:00",
  "2024-03-10T18:30:00",
  "1930-03-09T23:40:28",
  "1930-03-10T00:00:00",
  "1969-12-31T23:45:00",
  "2024-03-10T07:07:30",
].flatMap((edge) => [`${edge}.000Z`, `${edge}.000001Z`, `${before(edge)}.999999Z`]);

function before(edge: string): string {
  return new Date(Date.parse(`${edge}Z`) - 1_000).toISOString().slice(0, 19);
}

const amount = fc.oneof(
  fc.constantFrom(
    "0.1",
    "0.2",
    "-0.3",
    "9007199254740993",
    "0.000000000000000001",
    "99999999999999999999.999999999999999999",
  ),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => (cents / 100).toFixed(2)),
);
const client = fc.constantFrom("a", "A", "b c");
const metric = fc.constantFrom("m", "é");
const timestamp = fc.constantFrom(...EDGES);
const sent: fc.Arbitrary<Sent> = fc.record({ client, metric, amount, timestamp });

const query: fc.Arbitrary<AggregationQuery> = fc
  .record(
    {
      clientId: client,
      metric,
      range: fc.uniqueArray(timestamp, { minLength: 2, maxLength: 2 }),
      open: fc.constantFrom("from", "to", "none", "none"),
      groupBy: fc.subarray(["clientId", "metric"] as const),
      interval: fc.constantFrom("day", "month"),
      timeZone: fc.constantFrom(
        "UTC",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Europe/Amsterdam",
      ),
    },
    { requiredKeys: ["groupBy"] },
  )
  .map(({ range = [], open, interval, timeZone, ...rest }) => {
    const [from, to] = [...range].sort((left, right) => Number(micros(left) - micros(right)));
    const ends = { ...(from && open !== "from" && { from }), ...(to && open !== "to" && { to }) };
    if (ends.from === undefined || ends.to === undefined || interval === undefined)
      return { ...rest, ...ends };
    // core limits the number of rows, and a hundred years have more days
    const isWide = micros(ends.to) - micros(ends.from) > 400n * 86_400_000_000n;
    return { ...rest, ...ends, interval: isWide ? "month" : interval, ...(timeZone && { timeZone }) };
  });

it("totals of any range, filter, grouping and zone equal the fold over the events to the last digit, folded or not", async () => {
  let run = 0;
  const sends = fc.array(sent, { minLength: 1, maxLength: 40, size: "max" });
  const property = fc.asyncProperty(
    sends,
    fc.array(query, { minLength: 5, maxLength: 10 }),
    fc.constantFrom("nothing", "half", "all"),
    async (events, queries, fold) => {
      const tenant = evt.tenant(`run ${++run}`);
      const keyed = events.map((event, n) => ({ ...event, eventId: n }));
      const half = Math.ceil(keyed.length / 2);
      expect(await tenant.ingestMany(keyed.slice(0, half))).toMatchObject({ processed: half });
      if (fold !== "nothing") await folded(made);
      await tenant.ingestMany(keyed.slice(half));
      if (fold === "all") await folded(made);
      for (const asked of queries) {
        const { rows } = await tenant.aggregate(asked);
        expect(
          rows
            .filter(({ count }) => count > 0)
            .map(comparable)
            .sort(),
        ).toEqual(folding(events, asked).sort());
      }
    },
  );
  await fc.assert(property, { numRuns: depth(40, 150) });
});

/** Returns a row as one string: its group, then its totals. */
function comparable({ bucket, clientId, metric, count, sum, min, max }: AggregationRow): string {
  return JSON.stringify([bucket?.slice(0, 10), clientId, metric, count, sum, min, max]);
}

/** Computes the same totals without core and the store. */
function folding(
  events: readonly Sent[],
  { clientId, metric, from, to, groupBy = [], interval, timeZone }: AggregationQuery,
): string[] {
  const wanted = events.filter(
    (event) =>
      (clientId === undefined || event.client === clientId) &&
      (metric === undefined || event.metric === metric) &&
      (from === undefined || micros(event.timestamp) >= micros(String(from))) &&
      (to === undefined || micros(event.timestamp) < micros(String(to))),
  );
  const groups = new Map<string, bigint[]>();
  for (const event of wanted) {
    const group = JSON.stringify([
      interval && bucketOf(event.timestamp, interval, timeZone),
      groupBy.includes("clientId") ? event.client : undefined,
      groupBy.includes("metric") ? event.metric : undefined,
    ]);
    groups.set(group, [...(groups.get(group) ?? []), units(event.amount)]);
  }
  return [...groups].map(([group, amounts]) => {
    const sorted = [...amounts].sort((left, right) => (left < right ? -1 : 1));
    const sum = amounts.reduce((total, each) => total + each, 0n);
    const totals = [amounts.length, decimal(sum), decimal(sorted[0] ?? 0n), decimal(sorted.at(-1) ?? 0n)];
    return JSON.stringify([...(JSON.parse(group) as unknown[]), ...totals]);
  });
}

/** Returns the first day of the local day or month in the zone's calendar. */
function bucketOf(timestamp: string, interval: string, timeZone = "UTC"): string {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const value = Object.fromEntries(
    parts.formatToParts(new Date(timestamp)).map(({ type, value }) => [type, value]),
  );
  return `${value["year"]}-${value["month"]}-${interval === "month" ? "01" : value["day"]}`;
}

function micros(timestamp: string): bigint {
  const [seconds = "", fraction = ""] = timestamp.slice(0, -1).split(".");
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000n + BigInt(fraction.padEnd(6, "0"));
}

function units(amount: string): bigint {
  const negative = amount.startsWith("-");
  const [whole = "", fraction = ""] = amount.replace("-", "").split(".");
  const size = BigInt(whole + fraction.padEnd(18, "0"));
  return negative ? -size : size;
}

function decimal(value: bigint): string {
  if (value < 0n) return `-${decimal(-value)}`;
  const digits = value.toString().padStart(19, "0");
  return `${digits.slice(0, -18)}.${digits.slice(-18)}`.replace(/\.?0+$/, "");
}

// comparing each cell with each of thousands of quarter hours takes seconds
it("cells are looked up among the quarter hours that buckets split, not compared with each one", async () => {
  const minutes = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString();
  const buckets = Array.from({ length: 40 }, (_, n) => minutes(n * 20));
  const about = { tenantId: "t", byClientId: false, byMetric: false, limit: 10 };
  const { text, values } = aggregateQuery(made.schema, {
    ...about,
    from: minutes(0),
    to: minutes(800),
    buckets,
  });
  const { rows } = await made.pool.query(`explain ${text}`, [...(values ?? [])]);
  const plan = rows.map((row) => Object.values(row).join()).join("\n");
  expect(plan).toMatch(/hashed SubPlan/);
});
