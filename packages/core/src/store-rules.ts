import type { Entry, ParkedEvent, StoredEvent } from "./event.js";
import type { EventRecord, ReplayStore, Store } from "./store.js";

/** The event that a store holds once it has taken the record. */
export function storedEvent(record: EventRecord): StoredEvent {
  const { tenantId, id, clientId, metric, amount, timestamp, idempotencyKey, receivedAt, rawJson } = record;
  const { identity, fingerprint, identifiedBy } = record;
  const envelope = { tenantId, id, clientId, metric, amount, timestamp, idempotencyKey, receivedAt, rawJson };
  return { status: "processed", ...envelope, identity, fingerprint, identifiedBy };
}

/**
 * Whether a caller that is bound to a client may see an entry: a counted event of that client; a parked event that the
 * client vouched for; one of the client that came from a caller bound to no client. An event that was rejected because it
 * named another client than its caller's is not the named client's, also where its caller was not recorded.
 */
export function isVisibleTo(entry: Entry, clientId: string): boolean {
  if (entry.status === "processed") return entry.clientId === clientId;
  if (entry.vouchedClientId !== null) return entry.vouchedClientId === clientId;
  return entry.clientId === clientId && entry.issues.every(({ code }) => code !== "client_id_mismatch");
}

/** The codes by which parked events are grouped and filtered: of the issues, each once; of a failure its error's. */
export function reasonsOf({ issues, error }: Pick<ParkedEvent, "issues" | "error">): readonly string[] {
  const codes = new Set<string>(issues.map(({ code }) => code));
  if (error !== null) codes.add(error.code);
  return [...codes];
}

/** How many attempts a history has at most. */
export const MOST_ATTEMPTS = 1_000;

const METHODS: readonly (keyof ReplayStore)[] = ["reasons", "replay", "note", "history"];

export function isReplayStore(store: Store): store is ReplayStore {
  return METHODS.every((method) => typeof (store as ReplayStore)[method] === "function");
}
