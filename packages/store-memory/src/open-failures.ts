import type { ParkedEvent } from "@evt/core";

/** The ids of the failures of one tenant that are not resolved, by the content they failed to count. */
export class OpenFailures {
  readonly #ids = new Map<string, Set<string>>();

  add({ id, identity, fingerprint }: ParkedEvent): void {
    if (identity === null || fingerprint === null) return;
    const key = contentKey(identity, fingerprint);
    const ids = this.#ids.get(key);
    if (ids === undefined) this.#ids.set(key, new Set([id]));
    else ids.add(id);
  }

  /** The open failures of this content, which are open no longer. */
  take(identity: string, fingerprint: string): Iterable<string> {
    if (this.#ids.size === 0) return [];
    const key = contentKey(identity, fingerprint);
    const ids = this.#ids.get(key) ?? [];
    this.#ids.delete(key);
    return ids;
  }
}

/** Both are 64 hex digits: no two pairs join alike. */
function contentKey(identity: string, fingerprint: string): string {
  return identity + fingerprint;
}
