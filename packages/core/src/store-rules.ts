import type { Entry, ParkedEvent, StoredEvent } from "./event.js";
import type { Claim, EventRecord, ReplayStore, Store } from "./store.js";

/** Returns the stored event of an inserted record. */
export function storedEvent(record: EventRecord): StoredEvent {
  // without a spread, which takes several times as long, and this runs for each event
  return {
    status: "processed",
    tenantId: record.tenantId,
    id: record.id,
    clientId: record.clientId,
    metric: record.metric,
    amount: record.amount,
    unit: record.unit ?? null,
    dimensions: record.dimensions ?? null,
    timestamp: record.timestamp,
    idempotencyKey: record.idempotencyKey,
    receivedAt: record.receivedAt,
    rawJson: record.rawJson,
    identity: record.identity,
    fingerprint: record.fingerprint,
    identifiedBy: record.identifiedBy,
  };
}

/** Returns the claim of an inserted record. */
export function claimOf(record: EventRecord): Claim {
  const { id, receiptId, receivedAt, fingerprint, rawHash = null, rules = 1, twins = 1 } = record;
  return { id, receiptId, receivedAt, fingerprint, rawHash, rules, twins };
}

/**
 * Returns whether a caller that is bound to a client may see an entry. The caller may see:
 *
 * - counted events of this client
 * - parked events that this client vouched for
 * - parked events that name this client and came from an unbound caller, except events that were rejected because their
 *   caller was another client
 */
export function isVisibleTo(entry: Entry, clientId: string): boolean {
  if (entry.status === "processed") return entry.clientId === clientId;
  if (entry.vouchedClientId !== null) return entry.vouchedClientId === clientId;
  return entry.clientId === clientId && entry.issues.every(({ code }) => code !== "client_id_mismatch");
}

/**
 * Returns the codes by which parked events are grouped and filtered: the distinct codes of the issues, and the code of
 * the error.
 */
export function reasonsOf({ issues, error }: Pick<ParkedEvent, "issues" | "error">): readonly string[] {
  const codes = new Set<string>(issues.map(({ code }) => code));
  if (error !== null) codes.add(error.code);
  return [...codes];
}

/** The maximum number of attempts that `history` returns. */
export const MOST_ATTEMPTS = 1_000;

const METHODS: readonly (keyof ReplayStore)[] = ["reasons", "replay", "note", "history"];

/** Returns whether the store can replay parked events. */
export function isReplayStore(store: Store): store is ReplayStore {
  return METHODS.every((method) => typeof (store as ReplayStore)[method] === "function");
}
