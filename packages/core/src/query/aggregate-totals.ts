import type { DimensionKey } from "../event.js";
import { EvtError } from "../evt-error.js";
import { MOST_DIMENSIONS } from "../normalize/dimensions.js";
import type {
  Aggregation,
  AggregationQuery,
  AggregationRow,
  GroupKey,
  Interval,
  TotalsSource,
} from "../queries.js";
import { type ReadContext, readWith } from "../queue/read.js";
import { quoted } from "../quoted.js";
import { TimeSlice } from "../runtime/time-slice.js";
import type { AggregateOrder, AggregateQuery, AggregateRow, Store } from "../store.js";
import { bucketLabel, bucketStarts } from "../time/buckets.js";
import { average } from "./decimal.js";
import { checkDimensionName, checkedUnitAndDimensions } from "./dimension-filter.js";
import { checkedRange, checkedString, checkedTimeZone, invalid, type Range } from "./query-range.js";
import { encodeTotalCursor, type TotalsFilter } from "./total-cursor.js";
import { DIMENSION, pageOfTotals, positionOf } from "./total-order.js";
import { checkedOrder, checkedPage, storePage } from "./total-page.js";

/** The dependencies of an aggregation. */
export interface AggregateContext extends ReadContext {
  readonly store: Store;
  /** Maximum number of rows. Without a `limit`, an aggregation with more rows is refused. */
  readonly maxRows: number;
}

const FIELDS = ["clientId", "metric"] as const satisfies readonly GroupKey[];
const GROUP_KEYS = [...FIELDS, "dimension.<name>"].join(", ");
const INTERVALS: readonly Interval[] = ["hour", "day", "week", "month"];
/**
 * Maximum number of buckets: a year of hours, ten years of days, forty years of weeks, a century of months. The row limit
 * alone is not enough: an empty bucket has no row, but the store may need several reads for it.
 */
const MAX_BUCKETS: Readonly<Record<Interval, number>> = {
  hour: 10_000,
  day: 4_000,
  week: 2_100,
  month: 1_200,
};

/** If there are more buckets than this, the store is called in a new time slice. */
const MANY = 1_000;

/**
 * Returns totals of a tenant. Buckets and averages are computed here. The store adds up amounts, and sorts the rows of a
 * page.
 */
export async function aggregateTotals(
  tenantId: string,
  query: AggregationQuery,
  signal: AbortSignal | undefined,
  context: AggregateContext,
): Promise<Aggregation> {
  const timeZone = checkedTimeZone(query.timeZone);
  const groupBy = checkedGroupBy(query.groupBy);
  const byDimensions = groupBy.filter(isDimension).map((key) => key.slice(DIMENSION.length));
  const range = checkedRange(query, timeZone);
  const interval = checkedInterval(query.interval);
  const buckets = interval === null ? undefined : startsOf(interval, range, timeZone);
  const slice = new TimeSlice(context.runtime);
  if (buckets !== undefined && buckets.length > MANY) await slice.next();
  const selected = {
    tenantId,
    ...filterOf(query),
    ...range,
    byClientId: groupBy.includes("clientId"),
    byMetric: groupBy.includes("metric"),
    ...(byDimensions.length > 0 && { byDimensions }),
  };
  const order = checkedOrder(query, groupBy, interval);
  const filter: TotalsFilter = { ...selected, order, interval, timeZone, bucketCount: buckets?.length ?? 1 };
  const page = checkedPage(query, filter, context.maxRows);
  const storeQuery: AggregateQuery = {
    ...selected,
    ...(buckets && { buckets }),
    ...storePage(page, order, context.maxRows),
  };
  let answeredFrom: TotalsSource | undefined;
  const onTotalsFrom = (source: TotalsSource) => {
    answeredFrom = source;
  };
  const found =
    buckets?.length === 0
      ? []
      : await readWith(context, signal, (call) =>
          context.store.aggregate(storeQuery, { ...call, onTotalsFrom }),
        );
  const rows =
    page === null ? allOf(found, { order, byDimensions }, context.maxRows) : found.slice(0, page.limit);
  const label = (row: AggregateRow) =>
    interval === null || buckets === undefined
      ? undefined
      : bucketLabel(buckets[row.bucket] as string, interval, timeZone);
  const shown = await shownRows(rows, (row) => shownRow(row, label(row), byDimensions), slice);
  const last = rows.length < found.length ? rows.at(-1) : undefined;
  const nextCursor = last === undefined ? null : encodeTotalCursor(positionOf(last, order), filter);
  const alwaysOne =
    groupBy.length === 0 && interval === null && shown.length === 0 && page?.after === undefined;
  const nothing = { unit: query.unit ?? null, ...NOTHING };
  return {
    groupBy,
    interval,
    timeZone,
    ...(answeredFrom && { answeredFrom }),
    rows: alwaysOne ? [nothing] : shown,
    nextCursor,
  };
}

/** Returns all rows, sorted. @throws EvtError `EVT_TOO_WIDE` if there are too many */
function allOf(
  rows: readonly AggregateRow[],
  sorting: { readonly order: AggregateOrder; readonly byDimensions: readonly string[] },
  maxRows: number,
): AggregateRow[] {
  if (rows.length > maxRows) throw tooWide(`more than ${maxRows} rows`);
  return pageOfTotals(rows, { ...sorting, limit: maxRows });
}

const NOTHING = { count: 0, sum: "0", average: null, min: null, max: null };

async function shownRows(
  rows: readonly AggregateRow[],
  shown: (row: AggregateRow) => AggregationRow,
  slice: TimeSlice,
): Promise<readonly AggregationRow[]> {
  const all: AggregationRow[] = [];
  for (const row of rows) {
    if (slice.isOver) await slice.next();
    all.push(shown(row));
  }
  return all;
}

function shownRow(
  { clientId, metric, unit, dimensions = [], count, sum, min, max }: AggregateRow,
  bucket: string | undefined,
  byDimensions: readonly string[],
): AggregationRow {
  return {
    ...(bucket !== undefined && { bucket }),
    ...(clientId !== null && { clientId }),
    ...(metric !== null && { metric }),
    ...(byDimensions.length > 0 && {
      dimensions: Object.fromEntries(byDimensions.map((name, i) => [name, dimensions[i] ?? null])),
    }),
    unit,
    count,
    sum,
    average: average(sum, count),
    min,
    max,
  };
}

function filterOf(
  query: AggregationQuery,
): Pick<AggregateQuery, "clientId" | "metric" | "unit" | "dimensions"> {
  const clientId = checkedString("clientId", query.clientId);
  const metric = checkedString("metric", query.metric);
  return { ...(clientId && { clientId }), ...(metric && { metric }), ...checkedUnitAndDimensions(query) };
}

function checkedGroupBy(groupBy: AggregationQuery["groupBy"] = []): readonly GroupKey[] {
  if (!Array.isArray(groupBy))
    throw invalid("groupBy", `groupBy is ${quoted(groupBy)}; use an array of ${GROUP_KEYS}`);
  const fields: readonly unknown[] = FIELDS;
  const unknown = groupBy.find((key) => !fields.includes(key) && !isDimension(key));
  if (unknown !== undefined)
    throw invalid("groupBy", `groupBy ${quoted(unknown)} is unknown; use any of ${GROUP_KEYS}`);
  const dimensions = [...new Set(groupBy.filter(isDimension))].sort();
  if (dimensions.length > MOST_DIMENSIONS)
    throw invalid("groupBy", `groupBy has ${dimensions.length} dimensions; the limit is ${MOST_DIMENSIONS}`);
  for (const key of dimensions) checkDimensionName(key.slice(DIMENSION.length), "groupBy");
  return [...FIELDS.filter((key) => groupBy.includes(key)), ...dimensions];
}

function isDimension(key: unknown): key is DimensionKey {
  return typeof key === "string" && key.startsWith(DIMENSION);
}

function checkedInterval(interval: AggregationQuery["interval"]): Interval | null {
  if (interval === undefined) return null;
  if (INTERVALS.includes(interval)) return interval;
  throw invalid("interval", `interval ${quoted(interval)} is unknown; use one of ${INTERVALS.join(", ")}`);
}

function startsOf(interval: Interval, { from, to }: Range, timeZone: string): readonly string[] {
  if (from === undefined || to === undefined) {
    throw invalid(from === undefined ? "from" : "to", "an interval needs both from and to");
  }
  const most = MAX_BUCKETS[interval];
  const starts = bucketStarts(from, to, interval, timeZone, most);
  if (starts === "too-many") throw tooWide(`more than ${most} buckets by ${interval}`, LONGER);
  return starts;
}

const LONGER = "narrow the range, or use a longer interval";

function tooWide(
  what: string,
  remedy = "narrow the range, filter, group by less, or read pages with a limit",
): EvtError {
  return new EvtError("EVT_TOO_WIDE", `the result would have ${what}; ${remedy}`);
}
