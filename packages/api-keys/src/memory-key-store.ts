import { isLive, type StoredApiKey } from "./api-key.js";
import {
  type ApiKeyStore,
  type KeyPage,
  type KeyPlace,
  type Rotation,
  USE_INTERVAL_MS,
} from "./api-key-store.js";

/** Keeps API keys in memory, for tests and small tools. They are lost when the process ends. */
export class MemoryApiKeyStore implements ApiKeyStore {
  readonly #keys = new Map<string, StoredApiKey>();

  async insert(key: StoredApiKey): Promise<void> {
    this.#keys.set(key.id, key);
  }

  async find(id: string): Promise<StoredApiKey | null> {
    return this.#keys.get(id) ?? null;
  }

  async list(tenantId: string, { limit, after }: KeyPage): Promise<readonly StoredApiKey[]> {
    return [...this.#keys.values()]
      .filter((key) => key.tenantId === tenantId && (after === null || isBefore(key, after)))
      .sort((a, b) => (isBefore(a, b) ? 1 : -1))
      .slice(0, limit);
  }

  async rotate({ tenantId, id, at, expiresAt, successor }: Rotation): Promise<boolean> {
    const old = this.#of(tenantId, id);
    if (old === null || old.rotatedTo !== null || !isLive(old, Date.parse(at))) return false;
    const earlier = old.expiresAt !== null && old.expiresAt < expiresAt ? old.expiresAt : expiresAt;
    this.#keys.set(id, { ...old, expiresAt: earlier, rotatedTo: successor.id });
    this.#keys.set(successor.id, successor);
    return true;
  }

  async revoke(tenantId: string, id: string, at: string): Promise<StoredApiKey | null> {
    const key = this.#of(tenantId, id);
    if (key === null) return null;
    const revoked = { ...key, revokedAt: key.revokedAt ?? at };
    this.#keys.set(id, revoked);
    return revoked;
  }

  async noteUse(id: string, at: string): Promise<void> {
    const key = this.#keys.get(id);
    if (key === undefined) return;
    const last = key.lastUsedAt === null ? Number.NEGATIVE_INFINITY : Date.parse(key.lastUsedAt);
    if (Date.parse(at) - last >= USE_INTERVAL_MS) this.#keys.set(id, { ...key, lastUsedAt: at });
  }

  #of(tenantId: string, id: string): StoredApiKey | null {
    const key = this.#keys.get(id);
    return key?.tenantId === tenantId ? key : null;
  }
}

/** Returns whether `a` was created before `b`. Of keys of the same time, the one with the smaller id counts as earlier. */
function isBefore(a: KeyPlace, b: KeyPlace): boolean {
  return a.createdAt === b.createdAt ? a.id < b.id : a.createdAt < b.createdAt;
}
