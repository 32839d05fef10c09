import type { ParkedEvent } from "@evt/core";

/** The ids of the failures of one tenant that are not resolved, by the content they failed to count. */
export class OpenFailures {
  readonly #ids = new Map<string, Set<string>>();

  /** Takes note of an event as it is now: of a failure that is open, and of no other. */
  note({ id, status, identity, fingerprint, resolvedAt }: ParkedEvent): void {
    if (status !== "failed" || identity === null || fingerprint === null) return;
    const key = contentKey(identity, fingerprint);
    const ids = this.#ids.get(key) ?? new Set();
    if (resolvedAt === null) ids.add(id);
    else ids.delete(id);
    if (ids.size === 0) this.#ids.delete(key);
    else this.#ids.set(key, ids);
  }

  /** Those of this content. */
  of(identity: string, fingerprint: string): readonly string[] {
    if (this.#ids.size === 0) return [];
    return [...(this.#ids.get(contentKey(identity, fingerprint)) ?? [])];
  }
}

/** Both are 64 hex digits: no two pairs join alike. */
export function contentKey(identity: string, fingerprint: string): string {
  return identity + fingerprint;
}
