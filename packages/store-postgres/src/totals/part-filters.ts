import type { AggregateQuery } from "@evt/core/store";
import type { Parameters } from "../connection/parameters.js";
import type { Stretch } from "./cover.js";

/** Returns conditions on the tenant, the client and the metric. */
export function tenantFilter({ tenantId, ...rest }: AggregateQuery, parameters: Parameters): string[] {
  return [`tenant_id = ${parameters.add(tenantId)}::text`, ...cellFilter(rest, parameters)];
}

/** Returns conditions on the client and the metric. */
export function cellFilter(
  { clientId, metric }: Pick<AggregateQuery, "clientId" | "metric">,
  parameters: Parameters,
): string[] {
  const where: string[] = [];
  if (clientId !== undefined) where.push(`client_id = ${parameters.add(clientId)}::text`);
  if (metric !== undefined) where.push(`metric = ${parameters.add(metric)}::text`);
  return where;
}

/** Returns SQL for ranges of time as a table with the columns `first` and `last`. */
export function stretchesAs(name: string, stretches: readonly Stretch[], parameters: Parameters): string {
  const first = stretches.map(({ from = "-infinity" }) => from);
  const last = stretches.map(({ to = "infinity" }) => to);
  return `unnest(${instants(first, parameters)}, ${instants(last, parameters)}) as ${name} (first, last)`;
}

/**
 * Returns an array as one string, so that node-postgres does not escape each member. Canonical instants need no escaping.
 * The array is a subquery, so that Postgres evaluates it once. Postgres does not treat the bare cast as a constant, and
 * would repeat it for every row.
 */
export function instants(values: readonly string[], parameters: Parameters): string {
  return `(select string_to_array(${parameters.add(values.join(","))}::text, ',')::timestamptz[])`;
}

/**
 * Returns SQL for the bucket of an instant. No event is earlier than the first edge, so every event has a bucket. `at` is
 * SQL for the instant.
 */
export function bucketOf({ buckets }: AggregateQuery, at: string, parameters: Parameters): string {
  return buckets === undefined ? "0" : `width_bucket(${at}, ${instants(buckets, parameters)}) - 1`;
}
