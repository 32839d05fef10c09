import type { AggregateQuery } from "@evt/core/store";
import { Parameters } from "../connection/parameters.js";
import type { PgQuery } from "../connection/pg-pool.js";
import { dimension, entryFilter } from "../tables/entry-filter.js";
import type { Combination } from "./combinations.js";
import { type Cover, coverOf } from "./cover.js";
import { cellsOfRow, dayOf, MAX, MIN, START_OF_CELL, START_OF_DAY, TOGETHER } from "./day-total.js";
import { groupOrder } from "./group-order.js";
import { bucketOf, cellFilter, instants, stretchesAs } from "./part-filters.js";
import { CELLS_WITH_DIMENSIONS, tallyFilter } from "./tally-cells.js";

/** The value of the bucket column in a row that reports incomplete totals. */
export const INCOMPLETE = -3;

/**
 * Returns a query for totals from a combination. In one snapshot, it checks that the totals are complete, and reads them,
 * the tallies, and the events of split quarter hours. If they are incomplete, it returns one row: {@link INCOMPLETE}.
 * @param prunedPart - returns SQL for the row that reports a split quarter hour with pruned events
 */
export function totalsOfCombination(
  schema: string,
  query: AggregateQuery,
  combination: Combination,
  prunedPart: (cut: readonly string[], parameters: Parameters) => string,
): PgQuery {
  const parameters = new Parameters();
  const { byDimensions = [] } = query;
  const read: Read = { schema, query, combination, parameters };
  const cover = coverOf(query);
  const parts = [
    ...cover.rollups.map((rollup) => rollupPart(read, rollup)),
    ...(cover.quarters === null ? [] : [tallyPart(read, cover.quarters)]),
    ...(cover.ragged.length === 0 && cover.quarters !== null ? [] : [eventPart(read, cover.ragged)]),
  ];
  const columns = [
    `${bucketOf(query, "at", parameters)} as bucket`,
    `${query.byClientId ? "client_id" : "null::text"} as client_id`,
    `${query.byMetric ? "metric" : "null::text"} as metric`,
    "unit",
    ...byDimensions.map((_, i) => `dimension_${i}`),
  ];
  const dimensions = byDimensions.map((_, i) => `dimension_${i}`).join(", ");
  const { after, orderBy } = groupOrder(query, parameters);
  const groups = columns.map((_, i) => i + 1).join(", ");
  const incomplete = ["null", "null", "null", ...byDimensions.map(() => "null"), "null, null, null, null"];
  const pruned = cover.cut.length === 0 ? "" : prunedPart(cover.cut, parameters);
  const text = `
with complete as materialized (${isComplete(read)})
select bucket::text as bucket, client_id, metric, unit, json_build_array(${dimensions})::text as dimensions,
       count::text as count, trim_scale(sum)::text as sum, trim_scale(min)::text as min, trim_scale(max)::text as max
  from ((select * from (select ${columns.join(", ")}, ${TOGETHER}
                          from (${parts.join(" union all ")}) as part
                         where (select is_complete from complete) group by ${groups}) as total ${after("total")} ${orderBy("total")}
          limit ${parameters.add(query.limit)}::int)
         union all
        select ${INCOMPLETE}, ${incomplete.join(", ")} from complete where not is_complete${pruned}) as shown ${orderBy("shown")}`;
  return { text, values: parameters.values };
}

interface Read {
  readonly schema: string;
  readonly query: AggregateQuery;
  readonly combination: Combination;
  readonly parameters: Parameters;
}

/** Returns SQL for a row whose `is_complete` is true if the combination's totals of the range are complete. */
function isComplete({ schema, query, combination, parameters }: Read): string {
  const id = parameters.add(combination.id);
  const tenant = parameters.add(query.tenantId);
  const range = `tstzrange(${parameters.add(query.from ?? null)}::timestamptz, ${parameters.add(query.to ?? null)}::timestamptz)`;
  const names = parameters.add(JSON.stringify(combination.byDimensions));
  return `
  select exists (select from ${schema}.combination where id = ${id}::int and is_kept)
     and not exists (select from ${schema}.combination_gap
                      where combination = ${id}::int and tenant_id = ${tenant}::text and quarters && ${range})
     and not exists (select from ${schema}.tally, unnest(quarters) as quarter
                      where tenant_id = ${tenant}::text
                        and not coalesce(dimension_names @> array(select json_array_elements_text(${names}::json)), false)
                        and tstzrange(quarter, quarter + interval '15 minutes') && ${range}) as is_complete`;
}

/** Returns SQL for the value of a dimension in a row of the combination. */
function stored({ combination }: Read, name: string): string {
  return `total.dimension_values[${combination.byDimensions.indexOf(name) + 1}]`;
}

function grouped({ query }: Read, column: (name: string) => string): string {
  return (query.byDimensions ?? []).map((name, i) => `, ${column(name)} as dimension_${i}`).join("");
}

/** Returns the conditions by dimensions. */
function filtered({ query, parameters }: Read, column: (name: string) => string): string[] {
  return Object.entries(query.dimensions ?? {}).map(([name, value]) =>
    value === null ? `${column(name)} is null` : `${column(name)} = ${parameters.add(value)}::text`,
  );
}

function rollupPart(read: Read, { span, stretches }: Cover["rollups"][number]): string {
  const { query, parameters } = read;
  const rows = rowsOfDays(read);
  const column = (name: string) => stored(read, name);
  const head = `client_id, metric, nullif(unit, '') as unit`;
  const stretch = stretchesAs("stretch", stretches, parameters);
  const where = filtered(read, column);
  if (span === "day")
    return `select ${START_OF_DAY} as at, ${head}, count, sum, ${MIN} as min, ${MAX} as max${grouped(read, column)}
    from ${stretch} join lateral (${rows}) as total on true${where.length > 0 ? ` where ${where.join(" and ")}` : ""}`;
  const inStretch = [`${START_OF_CELL} >= first`, `${START_OF_CELL} < last`, ...where].join(" and ");
  return `select ${START_OF_CELL} as at, ${head}, cell.count, cell.sum, cell.min, cell.max${grouped(read, column)}
    from ${stretch} join lateral (${rows}) as total on true, ${cellsOfRow("total")} where ${inStretch}`;

  function rowsOfDays({ schema, combination }: Read): string {
    const of = `combination = ${parameters.add(combination.id)}::int and tenant_id = ${parameters.add(query.tenantId)}::text`;
    const keys = cellFilter(query, parameters);
    if (query.unit !== undefined) keys.push(`unit = ${parameters.add(query.unit ?? "")}::text`);
    const inRange = `day >= ${dayOf("first")} and day < ${dayOf("last + interval '24 hours' - interval '1 microsecond'")}`;
    if (query.clientId === undefined)
      return `select * from ${schema}.combination_total where ${[of, inRange, ...keys].join(" and ")} offset 0`;
    // the key begins with the day, so one client is looked up day by day
    return `select total.* from (select distinct day from ${schema}.day_total
               where tenant_id = ${parameters.add(query.tenantId)}::text and per = 'a' and ${inRange}) as used
        join lateral (select * from ${schema}.combination_total
                       where ${[of, ...keys].join(" and ")} and day = used.day offset 0) as total on true`;
  }
}

function tallyPart(read: Read, { within, except }: NonNullable<Cover["quarters"]>): string {
  const { schema, query, parameters } = read;
  const column = (name: string) =>
    `(cell.dimensions::json ->> (array_position(tally.dimension_names, ${parameters.add(name)}::text) - 1)) collate "C"`;
  const where = [
    `tenant_id = ${parameters.add(query.tenantId)}::text`,
    ...tallyFilter(query, parameters),
    ...cellFilter(query, parameters),
    ...filtered(read, column),
  ];
  if (query.unit === null) where.push("unit is null");
  else if (query.unit !== undefined) where.push(`unit = ${parameters.add(query.unit)}::text`);
  if (within.from !== undefined) where.push(`quarter >= ${parameters.add(within.from)}::timestamptz`);
  if (within.to !== undefined) where.push(`quarter < ${parameters.add(within.to)}::timestamptz`);
  if (except.length > 0) where.push(`quarter not in (select unnest(${instants(except, parameters)}))`);
  return `select quarter as at, client_id collate "C", metric collate "C", unit collate "C", count, sum, min, max${grouped(read, column)}
    from ${schema}.tally, ${CELLS_WITH_DIMENSIONS} where ${where.join(" and ")}`;
}

function eventPart(read: Read, ragged: Cover["ragged"]): string {
  const { schema, query, parameters } = read;
  const column = (name: string) => dimension(name, parameters, "event.");
  const { from: _, to: __, ...rest } = query;
  const where = entryFilter(rest, parameters, "event", "event.occurred_at").join(" and ");
  return `select occurred_at as at, client_id, metric, unit, 1 as count, amount as sum, amount as min, amount as max${grouped(read, column)}
    from ${stretchesAs("stretch", ragged, parameters)}
    join lateral (select * from ${schema}.event
                   where ${where} and occurred_at >= stretch.first and occurred_at < stretch.last
                  offset 0) as event on true`;
}
