import type { Entry, ParkedEvent, ParkedStatus } from "../event.js";
import type { ParkedFilter, ReplayQuery } from "../queries.js";
import { listEntries } from "../query/list-entries.js";
import { checkedInteger, checkedRange, checkedText, checkedTimeZone, invalid } from "../query/query-range.js";
import { type ReadContext, readWith } from "../queue/read.js";
import { quoted } from "../quoted.js";
import type { ReasonCount, ReasonQuery, ReplayStore } from "../store.js";

const STATUSES: readonly ParkedStatus[] = ["rejected", "conflict", "failed"];
const MOST_GROUPS = 1_000;
export const MOST_AT_ONCE = 1_000;
const ID = /^[0-9a-f]{64}$/;

type Context = ReadContext & { readonly store: ReplayStore };

/** Open parked events, the latest received first, and where the next ones begin. */
export async function parkedPage(
  tenantId: string,
  { limit, status, ...query }: ReplayQuery & { readonly limit: number },
  signal: AbortSignal | undefined,
  context: Context,
): Promise<{ readonly events: readonly ParkedEvent[]; readonly nextCursor: string | null }> {
  const statuses = parkedStatuses(status);
  const page = await listEntries(tenantId, { ...query, status: statuses, limit }, signal, context);
  return { events: page.entries.filter(isParked), nextCursor: page.nextCursor };
}

/** The ids without duplicates. @throws EvtError `EVT_INVALID_QUERY` for more than 1,000 */
export function checkedIds(ids: readonly string[]): readonly string[] {
  checkedInteger("ids", ids.length, 0, MOST_AT_ONCE, 0);
  return [...new Set(ids)];
}

/** Returns the parked event of each id; `null` for an id that has none. Raw texts past the budget are left out. */
export async function parkedByIds(
  tenantId: string,
  ids: readonly string[],
  signal: AbortSignal | undefined,
  { store, ...context }: Context,
): Promise<readonly (ParkedEvent | null)[]> {
  const known = ids.filter((id) => typeof id === "string" && ID.test(id));
  const { rawChars } = context;
  const entries = await readWith(context, signal, (call) =>
    store.get(tenantId, known, { ...call, rawChars }),
  );
  const found = new Map(known.map((id, i) => [id, entries[i] ?? null]));
  return ids.map((id) => {
    const entry = found.get(id) ?? null;
    return entry !== null && isParked(entry) ? entry : null;
  });
}

/** Open parked events counted by status and reasons, the most first. */
export async function parkedReasons(
  tenantId: string,
  filter: Omit<ParkedFilter, "reason">,
  signal: AbortSignal | undefined,
  { store, visibleTo, ...context }: Context & { readonly visibleTo: string | undefined },
): Promise<readonly ReasonCount[]> {
  const clientId = checkedText("clientId", filter.clientId);
  const metric = checkedText("metric", filter.metric);
  const query: ReasonQuery = {
    tenantId,
    statuses: parkedStatuses(filter.status),
    ...checkedRange(filter, checkedTimeZone(filter.timeZone)),
    ...(clientId !== undefined && { clientId }),
    ...(visibleTo !== undefined && { visibleTo }),
    ...(metric !== undefined && { metric }),
    limit: MOST_GROUPS,
  };
  return readWith(context, signal, (call) => store.reasons(query, call));
}

function parkedStatuses(status: ParkedFilter["status"]): readonly ParkedStatus[] {
  if (status === undefined) return STATUSES;
  const asked = [...new Set([status].flat())];
  const unknown = asked.find((each) => !STATUSES.includes(each));
  if (unknown === undefined && asked.length > 0) return asked;
  throw invalid("status", `status ${quoted(unknown)} is not one of what lies parked: ${STATUSES.join(", ")}`);
}

function isParked(entry: Entry): entry is ParkedEvent {
  return entry.status !== "processed";
}
