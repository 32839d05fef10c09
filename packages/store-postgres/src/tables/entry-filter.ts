import type { EntryQuery } from "@evt/core/store";
import type { Parameters } from "../connection/parameters.js";

type Filter = Pick<EntryQuery, "tenantId" | "clientId" | "metric" | "from" | "to">;

/**
 * Returns SQL conditions for the filters that counted and parked events have in common. `occurredAt` is SQL for the
 * time that `from` and `to` limit.
 */
export function entryFilter(
  { tenantId, clientId, metric, from, to }: Filter,
  parameters: Parameters,
  table: string,
  occurredAt: string,
): string[] {
  const where = [`${table}.tenant_id = ${parameters.add(tenantId)}::text`];
  if (clientId !== undefined) where.push(`${table}.client_id = ${parameters.add(clientId)}::text`);
  if (metric !== undefined) where.push(`${table}.metric = ${parameters.add(metric)}::text`);
  if (from !== undefined) where.push(`${occurredAt} >= ${parameters.add(from)}::timestamptz`);
  if (to !== undefined) where.push(`${occurredAt} < ${parameters.add(to)}::timestamptz`);
  return where;
}
