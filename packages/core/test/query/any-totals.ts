import type { Aggregation, AggregationQuery, AggregationRow, DimensionKey, OrderBy } from "@evt/core";
import fc from "fast-check";

/** The raw event of a small pool, so that many groups have equal counts, sums, or both. */
export interface Sent {
  readonly client: string;
  readonly metric: string;
  readonly amount: string;
  readonly timestamp: string;
  readonly plan: string;
}

const CLIENTS = ["a", "A", "ab", "a b", "é", "\ue000", "\uffff", "😀", "语"] as const;
const METRICS = ["m", "M", "\uffffm", "😀m"] as const;
/** An empty value means that the event has no plan, with {@link PLANS_MAPPING}. */
const PLANS = ["", "", "a", "A", "é", "\uffff", "😀"] as const;
/** Reads the plan of an event. */
export const PLANS_MAPPING = { dimensions: { plan: "plan" }, empty: "absent" } as const;
const AMOUNTS = [
  ...["0", "1", "-1", "0.5", "9", "10", "9007199254740993", "9007199254740992"],
  ...["0.000000000000000001", "1.000000000000000001", "-99999999999999999999999999999999999999"],
  "99999999999999999999.999999999999999999",
] as const;
const TIMES = [
  ...["2024-03-10T04:59:59.999999Z", "2024-03-10T05:00:00Z", "2024-03-10T12:07:30Z"],
  ...["2024-03-11T03:59:59Z", "2024-03-11T04:00:00.000001Z", "2024-03-12T00:00:00Z"],
] as const;

export const anySent: fc.Arbitrary<Sent[]> = fc.array(
  fc.record({
    client: fc.constantFrom(...CLIENTS),
    metric: fc.constantFrom(...METRICS),
    amount: fc.constantFrom(...AMOUNTS),
    timestamp: fc.constantFrom(...TIMES),
    plan: fc.constantFrom(...PLANS),
  }),
  { maxLength: 40, size: "max" },
);

const BY_PLAN = "dimension.plan";

/** A query with an order and a limit. */
export interface PagedQuery extends AggregationQuery {
  readonly groupBy: readonly ("clientId" | "metric" | typeof BY_PLAN)[];
  readonly orderBy: OrderBy;
  readonly direction: "asc" | "desc";
  readonly limit: number;
}

const ranges = [
  {},
  {},
  { from: "2024-03-10T12:00:00Z", to: "2024-03-11T23:00:00.000001Z" },
  { from: "2024-03-10", to: "2024-03-12", interval: "day", timeZone: "America/New_York" },
  { from: "2024-03-10T05:00:00Z", to: "2024-03-11T04:00:00.000002Z", interval: "hour" },
] as const;

export const anyPagedQuery: fc.Arbitrary<PagedQuery> = fc
  .record({
    groupBy: fc.oneof(
      { weight: 3, arbitrary: fc.subarray(["clientId", "metric"] as const) },
      { weight: 1, arbitrary: fc.subarray(["clientId", "metric", BY_PLAN] as const) },
    ),
    range: fc.constantFrom(...ranges),
    filter: fc.constantFrom({}, {}, {}, { metric: "m" }, { clientId: "a" }),
    direction: fc.constantFrom("asc", "desc"),
    limit: fc.integer({ min: 1, max: 7 }),
    choice: fc.nat(),
  })
  .map(({ groupBy, range, filter, direction, limit, choice }) => {
    const values: OrderBy[] = ["sum", "count", "min", "max", ...groupBy];
    if ("interval" in range) values.push("bucket");
    const orderBy = values[choice % values.length] ?? "sum";
    return { groupBy, ...range, ...filter, orderBy, direction, limit };
  });

/** Reads all pages. */
export async function walked(
  query: PagedQuery,
  read: (query: AggregationQuery) => Promise<Aggregation>,
): Promise<readonly Aggregation[]> {
  const pages: Aggregation[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null && pages.length < 100) {
    const page: Aggregation = await read({ ...query, cursor });
    pages.push(page);
    cursor = page.nextCursor;
  }
  return pages;
}

/** Sorts rows independently of evt: by big integers and by UTF-8 bytes. */
export function sortedRows(rows: readonly AggregationRow[], query: PagedQuery): AggregationRow[] {
  const { orderBy, direction } = query;
  const sign = direction === "asc" ? 1 : -1;
  return [...rows].sort(
    (left, right) =>
      sign * compared(valueIn(left, orderBy), valueIn(right, orderBy), orderBy) ||
      compared(left.bucket, right.bucket, "bucket") ||
      compared(left.clientId, right.clientId, "clientId") ||
      compared(left.metric, right.metric, "metric") ||
      compared(valueIn(left, BY_PLAN), valueIn(right, BY_PLAN), BY_PLAN),
  );
}

type Value = string | number | null | undefined;

function valueIn(row: AggregationRow, by: OrderBy): Value {
  if (by === BY_PLAN) return row.dimensions === undefined ? undefined : (row.dimensions["plan"] ?? "");
  return row[by as Exclude<OrderBy, DimensionKey>];
}

function compared(left: Value, right: Value, by: OrderBy): number {
  if (left === right || left === undefined || right === undefined) return 0;
  if (by === "bucket") return Date.parse(String(left)) - Date.parse(String(right));
  if (by === "clientId" || by === "metric" || by === BY_PLAN)
    return Buffer.compare(Buffer.from(String(left)), Buffer.from(String(right)));
  const [a, b] = [units(left), units(right)];
  return a < b ? -1 : Number(a > b);
}

/** Returns an amount in units of 10^-18. `null`, the minimum of nothing, only occurs in the row of no events. */
function units(amount: Value): bigint {
  const [whole = "", fraction = ""] = String(amount ?? 0)
    .replace("-", "")
    .split(".");
  const size = BigInt(whole + fraction.padEnd(18, "0"));
  return String(amount).startsWith("-") ? -size : size;
}
