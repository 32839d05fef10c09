import type { EntryQuery } from "@evt/core/store";
import type { Parameters } from "../connection/parameters.js";

interface Units {
  readonly unit?: EntryQuery["unit"] | undefined;
  readonly dimensions?: EntryQuery["dimensions"] | undefined;
}

type Filter = Pick<EntryQuery, "tenantId" | "clientId" | "metric" | "unit" | "dimensions" | "from" | "to">;

/**
 * Returns SQL conditions for the filters that counted and parked events have in common. `occurredAt` is SQL for the
 * time that `from` and `to` limit.
 */
export function entryFilter(
  { tenantId, clientId, metric, unit, dimensions, from, to }: Filter,
  parameters: Parameters,
  table: string,
  occurredAt: string,
): string[] {
  const where = [`${table}.tenant_id = ${parameters.add(tenantId)}::text`];
  if (clientId !== undefined) where.push(`${table}.client_id = ${parameters.add(clientId)}::text`);
  if (metric !== undefined) where.push(`${table}.metric = ${parameters.add(metric)}::text`);
  where.push(...unitFilter({ unit, dimensions }, parameters, `${table}.`));
  if (from !== undefined) where.push(`${occurredAt} >= ${parameters.add(from)}::timestamptz`);
  if (to !== undefined) where.push(`${occurredAt} < ${parameters.add(to)}::timestamptz`);
  return where;
}

/**
 * Returns the filter conditions by unit and dimensions.
 * @param prefix - precedes the columns `unit` and `dimensions`
 */
export function unitFilter({ unit, dimensions = {} }: Units, parameters: Parameters, prefix = ""): string[] {
  const where: string[] = [];
  if (unit === null) where.push(`${prefix}unit is null`);
  else if (unit !== undefined) where.push(`${prefix}unit = ${parameters.add(unit)}::text`);
  for (const [name, value] of Object.entries(dimensions)) {
    const column = dimension(name, parameters, prefix);
    where.push(value === null ? `${column} is null` : `${column} = ${parameters.add(value)}::text`);
  }
  return where;
}

/** Returns SQL for the value of a dimension. It is null if the event does not have the dimension. */
export function dimension(name: string, parameters: Parameters, prefix = ""): string {
  return `(${prefix}dimensions ->> ${parameters.add(name)}::text) collate "C"`;
}
