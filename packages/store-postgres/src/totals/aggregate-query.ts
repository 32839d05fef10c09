import { type AggregateQuery, type AggregateRow, EvtError } from "@evt/core/store";
import { Parameters } from "../connection/parameters.js";
import type { PgQuery } from "../connection/pg-pool.js";
import { unitFilter } from "../tables/entry-filter.js";
import { instantText, text, textOrNull } from "../tables/row-values.js";
import type { Combination } from "./combinations.js";
import { type Cover, coverOf, type Stretch } from "./cover.js";
import { TOGETHER } from "./day-total.js";
import { groupOrder } from "./group-order.js";
import { bucketOf, instants, stretchesAs, tenantFilter } from "./part-filters.js";
import { isByClientOnly, rollupPart } from "./rollup-parts.js";
import { DAY_SPANS, MONTH_SPANS } from "./rollup-spans.js";
import { CELLS, tallyFilter } from "./tally-cells.js";
import { INCOMPLETE, totalsOfCombination } from "./totals-of-combination.js";
import { needsEvents, PRUNED_EVENTS, totalsOfEvents } from "./totals-of-events.js";

type Row = Readonly<Record<string, unknown>>;

/** The value of the bucket column in a row that reports a split quarter hour whose events were pruned. */
const PRUNED = -1;

/** Returns a query that reads totals in one statement, so that rollups, tallies and events are read from one snapshot. */
export function aggregateQuery(schema: string, query: AggregateQuery): PgQuery {
  if (needsEvents(query)) return totalsOfEvents(schema, query);
  const parameters = new Parameters();
  const cover = coverOf(query, isByClientOnly(query) ? MONTH_SPANS : DAY_SPANS);
  const parts = [
    ...cover.rollups.map((read) => rollupPart(schema, query, read, parameters)),
    ...(cover.quarters === null ? [] : [tallyPart(schema, query, cover.quarters, parameters)]),
    // for an empty range, this is the only part, and the query needs at least one
    ...(cover.ragged.length === 0 && cover.quarters !== null
      ? []
      : eventParts(schema, query, cover.ragged, parameters)),
  ];
  const bucket = bucketOf(query, "at", parameters);
  const client = query.byClientId ? "client_id" : "null::text";
  const metric = query.byMetric ? "metric" : "null::text";
  const pruned = cover.cut.length === 0 ? "" : prunedPart(schema, query, cover.cut, parameters);
  const { after, orderBy } = groupOrder(query, parameters);
  // sorted twice, because a union may return its rows in any order
  const text = `
select bucket::text as bucket, client_id, metric, unit, count::text as count,
       trim_scale(sum)::text as sum, trim_scale(min)::text as min, trim_scale(max)::text as max
  from ((select bucket, client_id, metric, unit, count, sum, min, max
           from (select ${bucket} as bucket, ${client} as client_id, ${metric} as metric, unit,
                        ${TOGETHER}
                   from (${parts.join(" union all ")}) as part
                  group by 1, 2, 3, 4) as total ${after("total")} ${orderBy("total")}
          limit ${parameters.add(query.limit)}::int)${pruned}) as shown ${orderBy("shown")}`;
  return { text, values: parameters.values };
}

/** Returns the same query for totals that a combination has. Check the rows with {@link areComplete}. */
export function combinationQuery(schema: string, query: AggregateQuery, combination: Combination): PgQuery {
  return totalsOfCombination(schema, query, combination, (cut, parameters) =>
    prunedPart(schema, query, cut, parameters),
  );
}

/** Returns false if the totals of the combination were incomplete, so that the rows have no totals. */
export function areComplete(rows: readonly Row[]): boolean {
  return rows.every((row) => Number(row["bucket"]) !== INCOMPLETE);
}

/**
 * Converts the rows to totals.
 * @throws EvtError `EVT_PRUNED` if the range or a bucket splits a quarter hour whose events were pruned, or if a query by
 * dimensions needs pruned events
 */
export function aggregateRows(rows: readonly Row[], query: AggregateQuery): readonly AggregateRow[] {
  const pruned = rows.find((row) => Number(row["bucket"]) < 0);
  if (pruned === undefined) return rows.map((row) => aggregateRow(row, query));
  const quarter = String(pruned["client_id"]);
  if (Number(pruned["bucket"]) === PRUNED_EVENTS) throw new EvtError("EVT_PRUNED", prunedEvents(quarter));
  const message = `the range or a bucket begins or ends within the quarter hour of ${quarter}, whose events were pruned; only its whole total is left, so begin and end at a full quarter hour (UTC)`;
  throw new EvtError("EVT_PRUNED", message);
}

function prunedEvents(quarter: string): string {
  return `totals by dimensions are computed from events, and events of the quarter hour of ${quarter} were pruned; begin the range after them, or leave the dimensions out`;
}

function aggregateRow(row: Row, { byDimensions }: AggregateQuery): AggregateRow {
  const { client_id, metric, unit } = row;
  return {
    bucket: Number(text(row["bucket"])),
    clientId: textOrNull(client_id),
    metric: textOrNull(metric),
    unit: textOrNull(unit),
    ...(byDimensions && { dimensions: JSON.parse(text(row["dimensions"])) as readonly (string | null)[] }),
    count: Number(text(row["count"])),
    sum: text(row["sum"]),
    min: text(row["min"]),
    max: text(row["max"]),
  };
}

function tallyPart(
  schema: string,
  query: AggregateQuery,
  { within, except }: NonNullable<Cover["quarters"]>,
  parameters: Parameters,
): string {
  const where = [
    ...tallyFilter(query, parameters),
    ...tenantFilter(query, parameters),
    ...unitFilter(query, parameters),
  ];
  if (within.from !== undefined) where.push(`quarter >= ${parameters.add(within.from)}::timestamptz`);
  if (within.to !== undefined) where.push(`quarter < ${parameters.add(within.to)}::timestamptz`);
  // Postgres hashes a subquery, so it does not compare thousands of quarter hours with each cell
  if (except.length > 0) where.push(`quarter not in (select unnest(${instants(except, parameters)}))`);
  return `select quarter as at, client_id collate "C", metric collate "C", unit collate "C", count, sum, min, max
    from ${schema}.tally, ${CELLS} where ${where.join(" and ")}`;
}

/** Maximum number of parts that are read with one query each. Each end of the range may split a quarter hour. Buckets may split more. */
const FEW = 2;

function eventParts(
  schema: string,
  query: AggregateQuery,
  ragged: readonly Required<Stretch>[],
  parameters: Parameters,
): string[] {
  const select =
    "select occurred_at as at, client_id, metric, unit, 1 as count, amount as sum, amount as min, amount as max";
  const where = [...tenantFilter(query, parameters), ...unitFilter(query, parameters)].join(" and ");
  // one query for each part, so that the planner sees how small it is; for one large query, the planner would use JIT
  if (ragged.length > 0 && ragged.length <= FEW)
    return ragged.map(
      ({ from, to }) => `${select} from ${schema}.event
    where ${where} and occurred_at >= ${parameters.add(from)}::timestamptz and occurred_at < ${parameters.add(to)}::timestamptz`,
    );
  return [
    `${select} from ${stretchesAs("stretch", ragged, parameters)}
    join lateral (select * from ${schema}.event
                   where ${where} and occurred_at >= stretch.first and occurred_at < stretch.last
                  offset 0) as event on true`,
  ];
}

function prunedPart(
  schema: string,
  { tenantId, byDimensions = [] }: AggregateQuery,
  cut: readonly string[],
  parameters: Parameters,
): string {
  const others = ["metric", "unit", ...byDimensions, "count", "sum", "min", "max"].map(() => "null");
  return `
 union all
select ${PRUNED}, ${instantText("min(quarter)")}, ${others.join(", ")}
  from ${schema}.pruned join unnest(${instants(cut, parameters)}) as quarter on pruned.quarters @> quarter
 where pruned.tenant_id = ${parameters.add(tenantId)}::text
having count(*) > 0`;
}
