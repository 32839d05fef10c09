import type { ParkedEvent } from "@evt/core/store";

/** The IDs of one tenant's open failures, by content and by how they were sent. */
export class OpenFailures {
  readonly #byContent = new Map<string, Set<string>>();
  readonly #bySending = new Map<string, Set<string>>();

  /** Records the current state of an event. Only open failures are indexed. */
  note(event: ParkedEvent): void {
    const { status, identity, fingerprint } = event;
    if (status !== "failed" || identity === null || fingerprint === null) return;
    update(this.#byContent, contentKey(identity, fingerprint), event);
    const sending = sendingKey(event);
    if (sending !== null) update(this.#bySending, sending, event);
  }

  /** Returns the failures that were sent in the same way as this event. */
  sentAs(event: ParkedEvent): readonly string[] {
    const key = sendingKey(event);
    return key === null ? [] : [...(this.#bySending.get(key) ?? [])];
  }

  /** Returns the failures with this content. */
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

/** Returns a key for how the event was sent, or `null` if that is unknown. */
function sendingKey({ rawJson, vouchedClientId, givenKey }: ParkedEvent): string | null {
  return rawJson === null || givenKey === null ? null : JSON.stringify([vouchedClientId, givenKey, rawJson]);
}

/** Returns a key for the content. It is unique, because both hashes always have 64 hex digits. */
export function contentKey(identity: string, fingerprint: string): string {
  return identity + fingerprint;
}
