import type { ParkedEvent } from "@evt/core/store";

/** The ids of one tenant's unresolved failed events, by content and by how they were sent. */
export class OpenFailures {
  readonly #byContent = new Map<string, Set<string>>();
  readonly #bySending = new Map<string, Set<string>>();

  /** Adds an unresolved failed event, and removes a resolved one. Ignores other events. */
  note(event: ParkedEvent): void {
    const { status, identity, fingerprint } = event;
    if (status !== "failed" || identity === null || fingerprint === null) return;
    update(this.#byContent, contentKey(identity, fingerprint), event);
    const sending = sendingKey(event);
    if (sending !== null) update(this.#bySending, sending, event);
  }

  /** Returns the failed events that were sent in the same way as this event. */
  sentAs(event: ParkedEvent): readonly string[] {
    const key = sendingKey(event);
    return key === null ? [] : [...(this.#bySending.get(key) ?? [])];
  }

  /** Returns the failed events with this identity and fingerprint. */
  of(identity: string, fingerprint: string): readonly string[] {
    if (this.#byContent.size === 0) return [];
    return [...(this.#byContent.get(contentKey(identity, fingerprint)) ?? [])];
  }
}

function update(index: Map<string, Set<string>>, key: string, { id, resolvedAt }: ParkedEvent): void {
  const ids = index.get(key) ?? new Set();
  if (resolvedAt === null) ids.add(id);
  else ids.delete(id);
  if (ids.size === 0) index.delete(key);
  else index.set(key, ids);
}

/**
 * Returns a key for how the event was sent: its raw event, vouched client and given key. `null` if one is not stored.
 */
function sendingKey({ rawJson, vouchedClientId, givenKey }: ParkedEvent): string | null {
  return rawJson === null || givenKey === null ? null : JSON.stringify([vouchedClientId, givenKey, rawJson]);
}

/**
 * Returns a key for the identity and the fingerprint. Both always have 64 hex digits, so different pairs have different
 * keys.
 */
export function contentKey(identity: string, fingerprint: string): string {
  return identity + fingerprint;
}
