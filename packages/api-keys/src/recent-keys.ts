import type { StoredApiKey } from "./api-key.js";

/** Options of `RecentKeys`. */
export interface RecentKeysOptions {
  /** How long a found key is used, in milliseconds from the beginning of the search for it. */
  readonly ms: number;
  /** Maximum number of known keys, and of unknown ids, in the cache. */
  readonly most: number;
  /** A clock that is never set back, in milliseconds. */
  readonly monotonic: () => number;
}

interface Search {
  /** When the search began. The key may have changed since. */
  readonly beganAt: number;
  readonly found: Promise<StoredApiKey | null>;
}

/**
 * Caches keys by their ids for less than a second. Unknown ids have their own bounded cache, so that requests with
 * invented ids cannot remove known keys. Requests share a search for the same id
 * that began less than `ms` ago.
 */
export class RecentKeys {
  readonly #find: (id: string) => Promise<StoredApiKey | null>;
  readonly #options: RecentKeysOptions;
  readonly #searching = new Map<string, Search>();
  readonly #known = new Map<string, Search>();
  readonly #unknown = new Map<string, Search>();

  constructor(find: (id: string) => Promise<StoredApiKey | null>, options: RecentKeysOptions) {
    this.#find = find;
    this.#options = options;
  }

  /** Returns the key with this id, or `null`. */
  get(id: string): Promise<StoredApiKey | null> {
    const recent = this.#known.get(id) ?? this.#unknown.get(id) ?? this.#searching.get(id);
    const now = this.#options.monotonic();
    if (recent !== undefined && now - recent.beganAt < this.#options.ms) return recent.found;
    const search = { beganAt: now, found: this.#find(id) };
    this.forget(id);
    this.#searching.set(id, search);
    search.found.then(
      (key) => this.#settle(id, search, key === null ? this.#unknown : this.#known),
      () => this.#settle(id, search),
    );
    return search.found;
  }

  /** Removes a key that has changed. */
  forget(id: string): void {
    for (const searches of [this.#searching, this.#known, this.#unknown]) searches.delete(id);
  }

  /** The number of cached ids. */
  get size(): number {
    return this.#known.size + this.#unknown.size;
  }

  #settle(id: string, search: Search, cache?: Map<string, Search>): void {
    // the key was forgotten meanwhile, or a later search has begun
    if (this.#searching.get(id) !== search) return;
    this.#searching.delete(id);
    if (cache === undefined) return;
    cache.set(id, search);
    if (cache.size <= this.#options.most) return;
    const [oldest] = cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
  }
}
