import type { ParkedEvent } from "@evt/core";

/** The ids of the failures of one tenant that are not resolved, by the content they failed to count, and as they were sent. */
export class OpenFailures {
  readonly #byContent = new Map<string, Set<string>>();
  readonly #bySending = new Map<string, Set<string>>();

  /** Takes note of an event as it is now: of a failure that is open, and of no other. */
  note(event: ParkedEvent): void {
    const { status, identity, fingerprint } = event;
    if (status !== "failed" || identity === null || fingerprint === null) return;
    keep(this.#byContent, contentKey(identity, fingerprint), event);
    const sending = sendingKey(event);
    if (sending !== null) keep(this.#bySending, sending, event);
  }

  /** Those that were sent as this event was. */
  sentAs(event: ParkedEvent): readonly string[] {
    const key = sendingKey(event);
    return key === null ? [] : [...(this.#bySending.get(key) ?? [])];
  }

  /** Those of this content. */
  of(identity: string, fingerprint: string): readonly string[] {
    if (this.#byContent.size === 0) return [];
    return [...(this.#byContent.get(contentKey(identity, fingerprint)) ?? [])];
  }
}

function keep(index: Map<string, Set<string>>, key: string, { id, resolvedAt }: ParkedEvent): void {
  const ids = index.get(key) ?? new Set();
  if (resolvedAt === null) ids.add(id);
  else ids.delete(id);
  if (ids.size === 0) index.delete(key);
  else index.set(key, ids);
}

/** `null` where it was not kept how the event was sent. */
function sendingKey({ rawJson, vouchedClientId, givenKey }: ParkedEvent): string | null {
  return rawJson === null || givenKey === null ? null : JSON.stringify([vouchedClientId, givenKey, rawJson]);
}

/** Both are 64 hex digits: no two pairs join alike. */
export function contentKey(identity: string, fingerprint: string): string {
  return identity + fingerprint;
}
