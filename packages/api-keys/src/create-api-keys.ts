import { backgroundErrors, checkFunction, checkKnown, checkWhole, quoted } from "@evt/core/adapter";
import { isExpired } from "./api-key.js";
import type { ApiKeys, ApiKeysOptions, KeyCaller, KeyClock } from "./api-keys.js";
import { credentialOf, invalidToken, type KeyRequest } from "./credentials.js";
import { listKeys } from "./key-list.js";
import { keyRoutes } from "./key-routes.js";
import { parseApiKey } from "./key-text.js";
import { LastUses } from "./last-uses.js";
import { createKey, type ManagedKeys, revokeKey, rotateKey } from "./manage-keys.js";
import { RecentKeys } from "./recent-keys.js";
import { hasHash, unmatchedHash } from "./secret-hash.js";

const OPTIONS = Object.keys({
  store: true,
  cacheMs: true,
  cachedKeys: true,
  onError: true,
  clock: true,
} satisfies Record<keyof ApiKeysOptions, true>);

/**
 * Creates the API keys of an application.
 *
 * @example
 * ```ts
 * const keys = createApiKeys({ store: new PostgresApiKeyStore({ pool }) });
 * app.use("/api", createEventRouter({ evt, authenticate: keys.authenticate, extraRoutes: keys.routes }));
 * ```
 * @throws TypeError if an option is missing, unknown or invalid
 */
export function createApiKeys(options: ApiKeysOptions): ApiKeys {
  checkKnown("createApiKeys", options, OPTIONS);
  const { store, cacheMs = 500, cachedKeys = 1_000, onError, clock = SYSTEM_CLOCK } = options;
  if (typeof store?.find !== "function")
    throw new TypeError(`store is ${quoted(store)}; give an ApiKeyStore`);
  checkWhole("cacheMs", cacheMs, 0, 900);
  checkWhole("cachedKeys", cachedKeys, 1);
  checkFunction("onError", onError);
  const recent = new RecentKeys((id) => store.find(id), {
    ms: cacheMs,
    most: cachedKeys,
    monotonic: () => clock.monotonic(),
  });
  const keys = {
    store,
    recent,
    uses: new LastUses(store, backgroundErrors(onError, USE_NOT_WRITTEN)),
    clock,
    unmatched: unmatchedHash(),
  };
  const made: Omit<ApiKeys, "routes"> = {
    create: (given) => createKey(keys, given),
    list: (given) => listKeys(store, given),
    rotate: (given) => rotateKey(keys, given),
    revoke: (given) => revokeKey(keys, given),
    authenticate: (req) => authenticate(keys, req),
    close: async () => {
      await keys.uses.settled();
      await store.close?.();
    },
  };
  return { ...made, routes: keyRoutes(made) };
}

interface Keys extends ManagedKeys {
  readonly uses: LastUses;
  /** The hash to compare with if a key is unknown. */
  readonly unmatched: Uint8Array;
}

async function authenticate({ recent, uses, clock, unmatched }: Keys, req: KeyRequest): Promise<KeyCaller> {
  const parsed = parseApiKey(credentialOf(req));
  if (parsed === null) throw invalidToken("the API key is malformed");
  const key = await recent.get(parsed.id);
  // compared for unknown ids too, so that a request with an unknown id takes the same time
  const isProven = hasHash(parsed.secret, key?.secretHash ?? unmatched);
  if (key === null || !isProven) throw invalidToken("the API key is not valid");
  const now = clock.now();
  if (key.revokedAt !== null) throw invalidToken("the API key was revoked");
  if (isExpired(key.expiresAt, now)) throw invalidToken("the API key has expired");
  uses.note(key, now);
  const { id: keyId, tenantId, clientId, scopes } = key;
  return { tenantId, clientId, scopes, keyId };
}

const SYSTEM_CLOCK: KeyClock = { now: () => Date.now(), monotonic: () => performance.now() };

const USE_NOT_WRITTEN = {
  code: "EVT_KEY_USE_NOT_WRITTEN",
  failure: "the last use of an API key could not be written",
};
