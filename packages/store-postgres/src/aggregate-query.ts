import type { AggregateQuery, AggregateRow } from "@evt/core";
import { Parameters } from "./parameters.js";
import type { PgQuery } from "./pg-pool.js";
import { rollupCover, type Span } from "./rollup-cover.js";

/** Totals in one statement, so that rollups and events are seen at one instant. */
export function aggregateQuery(schema: string, query: AggregateQuery): PgQuery {
  const parameters = new Parameters();
  const { whole, cut, ragged } = rollupCover(query);
  const parts: string[] = [];
  if (whole !== null) parts.push(rollupPart(schema, query, whole, cut, parameters));
  if (ragged.length > 0) parts.push(eventPart(schema, query, ragged, parameters));
  const bucket = bucketOf(query, parameters);
  const client = query.byClientId ? "client_id" : "null::text";
  const metric = query.byMetric ? "metric" : "null::text";
  const text = `
select (${bucket})::text as bucket, ${client} as client_id, ${metric} as metric,
       sum(count)::text as count, trim_scale(sum(sum))::text as sum,
       trim_scale(min(min))::text as min, trim_scale(max(max))::text as max
  from (${parts.join(" union all ")}) as part
 group by 1, 2, 3
 limit ${parameters.add(query.limit)}::int`;
  return { text, values: parameters.values };
}

export function aggregateRow(row: Readonly<Record<string, unknown>>): AggregateRow {
  const { client_id, metric } = row;
  return {
    bucket: Number(row["bucket"]),
    clientId: client_id === null ? null : String(client_id),
    metric: metric === null ? null : String(metric),
    count: Number(row["count"]),
    sum: String(row["sum"]),
    min: String(row["min"]),
    max: String(row["max"]),
  };
}

function rollupPart(
  schema: string,
  query: AggregateQuery,
  whole: Partial<Span>,
  cut: readonly string[],
  parameters: Parameters,
): string {
  const where = filter(query, parameters);
  if (whole.from !== undefined) where.push(`quarter >= ${parameters.add(whole.from)}::timestamptz`);
  if (whole.to !== undefined) where.push(`quarter < ${parameters.add(whole.to)}::timestamptz`);
  if (cut.length > 0) where.push(`quarter <> all(${instants(cut, parameters)})`);
  return `select quarter as at, client_id, metric, count, sum, min, max from ${schema}.rollup where ${where.join(" and ")}`;
}

function eventPart(
  schema: string,
  query: AggregateQuery,
  ragged: readonly Span[],
  parameters: Parameters,
): string {
  const from = instants(
    ragged.map((span) => span.from),
    parameters,
  );
  const to = instants(
    ragged.map((span) => span.to),
    parameters,
  );
  return `select occurred_at as at, client_id, metric, 1 as count, amount as sum, amount as min, amount as max
    from unnest(${from}, ${to}) as span(lower_end, upper_end)
    join lateral (select * from ${schema}.event
                   where ${filter(query, parameters).join(" and ")}
                     and occurred_at >= lower_end and occurred_at < upper_end offset 0) as event on true`;
}

function filter({ tenantId, clientId, metric }: AggregateQuery, parameters: Parameters): string[] {
  const where = [`tenant_id = ${parameters.add(tenantId)}::text`];
  if (clientId !== undefined) where.push(`client_id = ${parameters.add(clientId)}::text`);
  if (metric !== undefined) where.push(`metric = ${parameters.add(metric)}::text`);
  return where;
}

/** No event lies before the first edge, so the count of edges at or before it is at least one. */
function bucketOf({ buckets }: AggregateQuery, parameters: Parameters): string {
  return buckets === undefined ? "0" : `width_bucket(at, ${instants(buckets, parameters)}) - 1`;
}

/** An array without node-postgres escaping each member in JavaScript: instants of our grammar need none. */
function instants(values: readonly string[], parameters: Parameters): string {
  return `string_to_array(${parameters.add(values.join(","))}::text, ',')::timestamptz[]`;
}
