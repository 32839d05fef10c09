import type { EntrySelection, ParkedStatus } from "@evt/core/store";
import type { Parameters } from "../connection/parameters.js";
import { entryFilter } from "../tables/entry-filter.js";
import { isUnresolved } from "./open-failure.js";

type OpenQuery = EntrySelection & { readonly reason?: string };

/** Returns SQL conditions for open parked events that have the status and match the query. */
export function openParkedFilter(
  schema: string,
  status: ParkedStatus,
  query: OpenQuery,
  parameters: Parameters,
): string[] {
  const where = entryFilter(query, parameters, "parked", "coalesce(parked.occurred_at, parked.received_at)");
  where.push(`parked.status = ${parameters.add(status)}::text`, "parked.resolved_at is null");
  if (query.visibleTo !== undefined) where.push(isVisibleTo(parameters.add(query.visibleTo)));
  if (query.reason !== undefined) where.push(`${parameters.add(query.reason)}::text = any (parked.reasons)`);
  if (status === "failed") where.push(isUnresolved(schema));
  return where;
}

/** The same condition as `isVisibleTo` in @evt/core, for a parked event. */
function isVisibleTo(clientId: string): string {
  return `coalesce(parked.vouched_client_id, parked.client_id) = ${clientId}::text
    and (parked.vouched_client_id is not null or 'client_id_mismatch' <> all (parked.reasons))`;
}
