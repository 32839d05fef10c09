import type { EntryStatus } from "../event.js";
import type { ListPage, ListQuery } from "../queries.js";
import { type ReadContext, readWith } from "../queue/read.js";
import { quoted } from "../quoted.js";
import type { EntryQuery, Store } from "../store.js";
import { decodeCursor, encodeCursor } from "./cursor.js";
import { checkedInteger, checkedRange, checkedText, checkedTimeZone, invalid } from "./query-range.js";

const STATUSES: readonly EntryStatus[] = ["processed", "rejected", "conflict", "failed"];
const MAX_LIMIT = 1_000;
const MAX_SKIP = 10_000;

/** One page of a tenant's entries. */
export async function listEntries(
  tenantId: string,
  query: ListQuery,
  signal: AbortSignal | undefined,
  context: ReadContext & { readonly store: Store; readonly visibleTo?: string | undefined },
): Promise<ListPage> {
  const { visibleTo } = context;
  const filter = { ...checkedFilter(tenantId, query), ...(visibleTo !== undefined && { visibleTo }) };
  const limit = checkedInteger("limit", query.limit, 1, MAX_LIMIT, 100);
  const skip = checkedInteger("skip", query.skip, 0, MAX_SKIP, 0);
  const after = query.cursor === undefined ? {} : { after: decodeCursor(query.cursor, filter) };
  const asked = { ...filter, ...after, limit, ...(skip > 0 && { skip }) };
  const rawChars = query.raw === false ? 0 : context.rawChars;
  const page = await readWith(context, signal, (call) => context.store.list(asked, { ...call, rawChars }));
  const { entries, more } = page;
  const last = entries.at(-1);
  const nextCursor = more && last !== undefined ? encodeCursor(last, filter) : null;
  return { entries, nextCursor };
}

function checkedFilter(tenantId: string, query: ListQuery): Omit<EntryQuery, "limit" | "after"> {
  const clientId = checkedText("clientId", query.clientId);
  const metric = checkedText("metric", query.metric);
  const range = checkedRange(query, checkedTimeZone(query.timeZone));
  const statuses = checkedStatuses(query.status);
  const reason = checkedText("reason", query.reason);
  return {
    tenantId,
    statuses,
    ...range,
    ...(clientId && { clientId }),
    ...(metric && { metric }),
    ...(reason && { reason }),
  };
}

function checkedStatuses(status: ListQuery["status"]): readonly EntryStatus[] {
  if (status === undefined) return STATUSES;
  const asked = [...new Set([status].flat())];
  const unknown = asked.find((each) => !STATUSES.includes(each));
  if (unknown === undefined && asked.length > 0) return asked;
  throw invalid("status", `status ${quoted(unknown)} is unknown; give one of ${STATUSES.join(", ")}`);
}
