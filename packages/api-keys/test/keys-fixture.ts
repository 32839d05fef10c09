import {
  type ApiKeysOptions,
  type CreateKeyOptions,
  createApiKeys,
  MemoryApiKeyStore,
} from "../src/index.js";

/** 2026-11-23T09:00:00.000Z */
export const NOW = Date.UTC(2026, 10, 23, 9);

/** API keys over a store in memory, with a clock that a test sets. `headers` returns a request with a key. */
export function keysFixture(options: Partial<ApiKeysOptions> = {}) {
  const clock = { at: NOW, now: () => clock.at, monotonic: () => clock.at };
  const store = options.store ?? new MemoryApiKeyStore();
  const keys = createApiKeys({ store, clock, ...options });
  return {
    clock,
    store,
    keys,
    create: (more: Partial<CreateKeyOptions> = {}) =>
      keys.create({ tenantId: "t", scopes: ["read"], ...more }),
  };
}

export const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
