import type { Entry, ParkedEvent, ParkedStatus } from "../event.js";
import type { ParkedFilter, ReplayQuery } from "../queries.js";
import { checkedUnitAndDimensions } from "../query/dimension-filter.js";
import { listEntries } from "../query/list-entries.js";
import { QUERY_LIMITS } from "../query/query-limits.js";
import {
  checkedInteger,
  checkedRange,
  checkedString,
  checkedTimeZone,
  invalid,
} from "../query/query-range.js";
import { type ReadContext, readWith } from "../queue/read.js";
import { quoted } from "../quoted.js";
import type { ReasonCount, ReasonQuery, ReplayStore } from "../store.js";

const STATUSES: readonly ParkedStatus[] = ["rejected", "conflict", "failed"];
const ID = /^[0-9a-f]{64}$/;

/** The members of a filter that select events, without `dimensions`. */
const SELECTING = [
  "clientId",
  "metric",
  "unit",
  "status",
  "reason",
  "from",
  "to",
] as const satisfies readonly (keyof ParkedFilter)[];

type Context = ReadContext & { readonly store: ReplayStore };

/** Returns a page of unresolved parked events, the latest received first. */
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

/** Returns the ids without duplicates. @throws EvtError `EVT_INVALID_QUERY` for more than 1,000 */
export function checkedIds(ids: readonly string[]): readonly string[] {
  checkedInteger("ids", ids.length, 0, QUERY_LIMITS.replays, 0);
  return [...new Set(ids)];
}

/** Returns the parked event of each id, or `null`. Raw events that exceed `rawChars` are omitted. */
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

/** Counts unresolved parked events by status and reasons, the largest group first. */
export async function parkedReasons(
  tenantId: string,
  filter: Omit<ParkedFilter, "reason">,
  signal: AbortSignal | undefined,
  { store, visibleTo, ...context }: Context & { readonly visibleTo: string | undefined },
): Promise<readonly ReasonCount[]> {
  const clientId = checkedString("clientId", filter.clientId);
  const metric = checkedString("metric", filter.metric);
  const query: ReasonQuery = {
    tenantId,
    statuses: parkedStatuses(filter.status),
    ...checkedRange(filter, checkedTimeZone(filter.timeZone)),
    ...(clientId !== undefined && { clientId }),
    ...(visibleTo !== undefined && { visibleTo }),
    ...(metric !== undefined && { metric }),
    ...checkedUnitAndDimensions(filter),
    limit: QUERY_LIMITS.reasons,
  };
  return readWith(context, signal, (call) => store.reasons(query, call));
}

function parkedStatuses(status: ParkedFilter["status"]): readonly ParkedStatus[] {
  if (status === undefined) return STATUSES;
  const statuses = [...new Set([status].flat())];
  const unknown = statuses.find((each) => !STATUSES.includes(each));
  if (unknown === undefined && statuses.length > 0) return statuses;
  throw invalid(
    "status",
    `status ${quoted(unknown)} is not a status of parked events; use one of ${STATUSES.join(", ")}`,
  );
}

function isParked(entry: Entry): entry is ParkedEvent {
  return entry.status !== "processed";
}

/**
 * Requires a filter or `all: true`, so that a forgotten filter does not replay every parked event.
 * @throws EvtError `EVT_INVALID_QUERY`
 */
export function checkSelects(filter: ParkedFilter, all: unknown): void {
  if (all !== undefined && all !== true)
    throw invalid("all", `all is ${quoted(all)}; use true, or leave it out`);
  const selects =
    SELECTING.some((member) => filter[member] !== undefined) || checkedUnitAndDimensions(filter).dimensions;
  if (selects || all === true) return;
  throw invalid("all", "the query has no filter; name one, or set all to true to replay every parked event");
}
