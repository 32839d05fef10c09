import type { EntryStatus } from "../event.js";
import type { ListPage, ListQuery } from "../queries.js";
import { type ReadContext, readWith } from "../queue/read.js";
import { quoted } from "../quoted.js";
import type { Store } from "../store.js";
import { decodeCursor, type EntryFilter, encodeCursor } from "./cursor.js";
import { checkedUnitAndDimensions } from "./dimension-filter.js";
import { QUERY_LIMITS } from "./query-limits.js";
import { checkedInteger, checkedRange, checkedString, checkedTimeZone, invalid } from "./query-range.js";

const STATUSES: readonly EntryStatus[] = ["processed", "rejected", "conflict", "failed"];
const DEFAULT_LIMIT = 100;

/** Returns one page of the entries of a tenant. */
export async function listEntries(
  tenantId: string,
  query: ListQuery,
  signal: AbortSignal | undefined,
  context: ReadContext & { readonly store: Store; readonly visibleTo?: string | undefined },
): Promise<ListPage> {
  const { visibleTo } = context;
  const filter = { ...checkedFilter(tenantId, query), ...(visibleTo !== undefined && { visibleTo }) };
  const limit = checkedInteger("limit", query.limit, 1, QUERY_LIMITS.entries, DEFAULT_LIMIT);
  const skip = checkedInteger("skip", query.skip, 0, QUERY_LIMITS.skip, 0);
  const after = query.cursor === undefined ? {} : { after: decodeCursor(query.cursor, filter) };
  const storeQuery = { ...filter, ...after, limit, ...(skip > 0 && { skip }) };
  const rawChars = query.raw === false ? 0 : context.rawChars;
  const page = await readWith(context, signal, (call) =>
    context.store.list(storeQuery, { ...call, rawChars }),
  );
  const { entries, more } = page;
  const last = entries.at(-1);
  const nextCursor = more && last !== undefined ? encodeCursor(last, filter) : null;
  return { entries, nextCursor };
}

function checkedFilter(tenantId: string, query: ListQuery): EntryFilter {
  const clientId = checkedString("clientId", query.clientId);
  const metric = checkedString("metric", query.metric);
  const range = checkedRange(query, checkedTimeZone(query.timeZone));
  const statuses = checkedStatuses(query.status);
  const reason = checkedString("reason", query.reason);
  return {
    tenantId,
    statuses,
    ...range,
    ...(clientId && { clientId }),
    ...(metric && { metric }),
    ...checkedUnitAndDimensions(query),
    ...(reason && { reason }),
  };
}

function checkedStatuses(status: ListQuery["status"]): readonly EntryStatus[] {
  if (status === undefined) return STATUSES;
  const statuses = [...new Set([status].flat())];
  const unknown = statuses.find((each) => !STATUSES.includes(each));
  if (unknown === undefined && statuses.length > 0) return statuses;
  throw invalid("status", `status ${quoted(unknown)} is unknown; use one of ${STATUSES.join(", ")}`);
}
