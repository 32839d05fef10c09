import type { ApiKey } from "./api-key.js";
import { type ApiKeyStore, USE_INTERVAL_MS } from "./api-key-store.js";

/** Maximum number of keys whose last use is remembered, and of writes in progress. */
const MOST_REMEMBERED = 10_000;
const MOST_WRITES = 4;

/** Writes when keys were last used: at most once a minute for each key. No request waits for it. */
export class LastUses {
  readonly #store: Pick<ApiKeyStore, "noteUse">;
  readonly #onError: (error: unknown) => void;
  /** When the last use of each key was written, in Unix milliseconds. */
  readonly #written = new Map<string, number>();
  readonly #writes = new Set<Promise<void>>();

  constructor(store: Pick<ApiKeyStore, "noteUse">, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
  }

  /** Notes that a key is used at an instant, in Unix milliseconds. */
  note({ id, lastUsedAt }: ApiKey, now: number): void {
    const last = Math.max(this.#written.get(id) ?? 0, lastUsedAt === null ? 0 : Date.parse(lastUsedAt));
    // a later request notes the use if too many writes are in progress
    if (now - last < USE_INTERVAL_MS || this.#writes.size >= MOST_WRITES) return;
    this.#remember(id, now);
    const write = this.#store
      .noteUse(id, new Date(now).toISOString())
      .catch(this.#onError)
      .finally(() => this.#writes.delete(write));
    this.#writes.add(write);
  }

  /** Waits until the writes in progress have ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#writes);
  }

  #remember(id: string, now: number): void {
    this.#written.delete(id);
    this.#written.set(id, now);
    if (this.#written.size <= MOST_REMEMBERED) return;
    const [oldest] = this.#written.keys();
    if (oldest !== undefined) this.#written.delete(oldest);
  }
}
