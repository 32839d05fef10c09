import type { ClientsPage, ClientsQuery, MetricsPage, MetricsQuery } from "../queries.js";
import { type ReadContext, readWith } from "../queue/read.js";
import type { NameQuery, SeenName, Store } from "../store.js";
import { decodeNameCursor, encodeNameCursor, type NameFilter } from "./name-cursor.js";
import { QUERY_LIMITS } from "./query-limits.js";
import { checkedInteger, checkedString } from "./query-range.js";

const DEFAULT_LIMIT = 100;

type NamesContext = ReadContext & { readonly store: Store };

/** Returns one page of the clients of a tenant. With `clientId`, only that client. */
export async function listClients(
  tenantId: string,
  query: ClientsQuery & { readonly clientId?: string | undefined },
  signal: AbortSignal | undefined,
  context: NamesContext,
): Promise<ClientsPage> {
  const { names, nextCursor } = await pageOfNames({ tenantId, of: "clientId" }, query, signal, context);
  return { clients: names.map(({ name, ...times }) => ({ clientId: name, ...times })), nextCursor };
}

/** Returns one page of the metrics of a tenant. With `clientId`, only that client's metrics. */
export async function listMetrics(
  tenantId: string,
  query: MetricsQuery,
  signal: AbortSignal | undefined,
  context: NamesContext,
): Promise<MetricsPage> {
  const { names, nextCursor } = await pageOfNames({ tenantId, of: "metric" }, query, signal, context);
  return { metrics: names.map(({ name, ...times }) => ({ metric: name, ...times })), nextCursor };
}

async function pageOfNames(
  from: Pick<NameQuery, "tenantId" | "of">,
  query: MetricsQuery,
  signal: AbortSignal | undefined,
  context: NamesContext,
): Promise<{ readonly names: readonly SeenName[]; readonly nextCursor: string | null }> {
  const clientId = checkedString("clientId", query.clientId);
  const prefix = checkedPrefix(query.prefix);
  const filter: NameFilter = { ...from, ...(clientId && { clientId }), ...(prefix && { prefix }) };
  const limit = checkedInteger("limit", query.limit, 1, QUERY_LIMITS.names, DEFAULT_LIMIT);
  const after = query.cursor === undefined ? {} : { after: decodeNameCursor(query.cursor, filter) };
  // one more name shows whether another page follows
  const storeQuery = { ...filter, ...after, limit: limit + 1 };
  const found = await readWith(context, signal, (call) => context.store.names(storeQuery, call));
  const names = found.slice(0, limit);
  const last = names.length < found.length ? names.at(-1) : undefined;
  return { names, nextCursor: last === undefined ? null : encodeNameCursor(last.name, filter) };
}

/** Unlike other strings of a query, a prefix is not trimmed, because a space may separate two words of a name. */
function checkedPrefix(prefix: MetricsQuery["prefix"]): string | undefined {
  return checkedString("prefix", prefix) === undefined ? undefined : prefix;
}
