import type { AggregateQuery } from "@evt/core/store";
import type { Parameters } from "../connection/parameters.js";
import type { Cover } from "./cover.js";
import { cellsOfDays, dayOf, type Grouping, groupingFor, MAX, MIN, START_OF_DAY } from "./day-total.js";
import { monthOf, START_OF_MONTH } from "./month-total.js";
import { cellFilter, stretchesAs, tenantFilter } from "./part-filters.js";

/** Returns true if the totals of months can answer the query. */
export function isByClientOnly({ byClientId, clientId, byMetric, metric }: AggregateQuery): boolean {
  return (byClientId || clientId !== undefined) && !byMetric && metric === undefined;
}

const DAY_COLUMNS = `${START_OF_DAY} as at, client_id, metric, nullif(unit, '') as unit, count, sum, ${MIN} as min, ${MAX} as max`;

/** Returns SQL for the totals of one span. Columns: `at, client_id, metric, unit, count, sum, min, max`. */
export function rollupPart(
  schema: string,
  query: AggregateQuery,
  { span, stretches }: Cover["rollups"][number],
  parameters: Parameters,
): string {
  const stretch = stretchesAs("stretch", stretches, parameters);
  if (span === "month") return monthPart(schema, query, stretch, parameters);
  const rows = rowsOfDays(schema, query, parameters);
  if (span === "day")
    return `select ${DAY_COLUMNS} from ${stretch} join lateral (${rows("first", "last")}) as total on true`;
  return `select at, client_id, metric, nullif(unit, '') as unit, count, sum, min, max
    from ${stretch}
    join lateral (${cellsOfDays(rows("first", "last"))}
         ) as cell on at >= first and at < last`;
}

/** Returns SQL for whole months: the totals of sealed months, and the days of all others. */
function monthPart(schema: string, query: AggregateQuery, stretch: string, parameters: Parameters): string {
  const where = [...tenantFilter(query, parameters), ...totalsOfUnit(query, parameters)].join(" and ");
  const isSealed = (month: string) => `exists (select from ${schema}.sealed_month
                  where tenant_id = ${parameters.add(query.tenantId)}::text and month = ${month} and built_to is null)`;
  const days = rowsOfDays(schema, query, parameters, `not ${isSealed(monthOf("day_total.day"))}`);
  return `select ${START_OF_MONTH} as at, client_id, '' as metric, nullif(unit, '') as unit, count, sum, min, max
    from ${stretch}
    join ${schema}.sealed_month as sealed on sealed.tenant_id = ${parameters.add(query.tenantId)}::text and built_to is null
         and month >= ${dayOf("first")} and month < ${dayOf("last")}
    join lateral (select client_id, unit, count, sum, min, max from ${schema}.month_total
                   where ${where} and month = sealed.month offset 0) as total on true
   union all
  select ${DAY_COLUMNS} from ${stretch} join lateral (${days("first", "last")}) as total on true`;
}

/**
 * Returns SQL for the rows of the days that two instants enclose. The key begins with the day, so one client or one
 * metric is looked up day by day, in the days that have any events. `only` is a condition on these days.
 */
function rowsOfDays(
  schema: string,
  query: AggregateQuery,
  parameters: Parameters,
  only?: string,
): (first: string, last: string) => string {
  const byClientId = query.byClientId || query.clientId !== undefined;
  const byMetric = query.byMetric || query.metric !== undefined;
  const per = groupingFor(byClientId, byMetric);
  const tenant = `tenant_id = ${parameters.add(query.tenantId)}::text`;
  const ofUnit = totalsOfUnit(query, parameters);
  const keys = keyFilter(query, per, parameters);
  const inRange = (first: string, last: string) =>
    `day >= ${dayOf(first)} and day < ${dayOf(`${last} + interval '24 hours' - interval '1 microsecond'`)}`;
  const isOneRange = keys.length === 0 || (per === "s" && query.clientId === undefined);
  if (isOneRange && only === undefined) {
    const where = [tenant, `per = '${per}'`, ...keys, ...ofUnit].join(" and ");
    return (first, last) =>
      `select * from ${schema}.day_total where ${where} and ${inRange(first, last)} offset 0`;
  }
  return (first, last) => `
      select total.*
        from (select distinct day from ${schema}.day_total
               where ${[tenant, "per = 'a'", inRange(first, last), ...(only === undefined ? [] : [only])].join(" and ")}) as used
        join lateral (select * from ${schema}.day_total
                       where ${[tenant, `per = '${per}'`, ...keys, ...ofUnit].join(" and ")} and day = used.day
                      offset 0) as total on true`;
}

/** Returns the condition by unit on stored totals, in which `''` stands for no unit. */
function totalsOfUnit({ unit }: AggregateQuery, parameters: Parameters): string[] {
  return unit === undefined ? [] : [`unit = ${parameters.add(unit ?? "")}::text`];
}

/** Returns conditions on the columns of the key that follow the day. */
function keyFilter(query: AggregateQuery, per: Grouping, parameters: Parameters): readonly string[] {
  const where = cellFilter(query, parameters);
  return where.length > 0 && per === "m" ? ["client_id = ''", ...where] : where;
}
