import type { Caller, ExtraRoute, Scope } from "@evt/http";
import type { ApiKey } from "./api-key.js";
import type { ApiKeyStore } from "./api-key-store.js";
import type { KeyRequest } from "./credentials.js";
import type { KeyList, ListKeysOptions } from "./key-list.js";
import type { CreateKeyOptions, RotateKeyOptions } from "./key-options.js";

/** Options of `createApiKeys`. */
export interface ApiKeysOptions {
  /** Stores the keys. */
  readonly store: ApiKeyStore;
  /**
   * How long a process uses a key without asking the store again, in milliseconds: 0 to 900. A revoked key works for up to
   * this time in other processes.
   * @defaultValue 500
   */
  readonly cacheMs?: number | undefined;
  /** Maximum number of keys, and of unknown ids, in the cache. @defaultValue 1,000 */
  readonly cachedKeys?: number | undefined;
  /** Called with an error if the last use of a key could not be written. @defaultValue the first error becomes a process warning */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** The clocks, for tests. @defaultValue the clocks of the system */
  readonly clock?: KeyClock | undefined;
}

/** The clocks of a process. */
export interface KeyClock {
  /** Unix time in milliseconds. */
  now(): number;
  /** Milliseconds of a clock that is never set back. */
  monotonic(): number;
}

/** A new key. */
export interface CreatedKey {
  /** The key itself. It is not stored, so it cannot be read again. */
  readonly key: string;
  /** The stored key. */
  readonly apiKey: ApiKey;
}

/** The caller that a key proves. */
export interface KeyCaller extends Caller {
  readonly clientId: string | null;
  readonly scopes: readonly Scope[];
  /** The id of the key, for logs and rate limits. */
  readonly keyId: string;
}

/** The result of `rotate`. */
export type RotatedKey =
  | ({ readonly outcome: "rotated" } & CreatedKey)
  | { readonly outcome: "unknown" | "revoked" | "expired" | "already_rotated" };

/** Creates, lists, rotates, revokes and checks API keys. */
export interface ApiKeys {
  /**
   * Creates a key.
   * @throws TypeError if an option is unknown or invalid
   * @throws EvtError if the store fails
   */
  create(options: CreateKeyOptions): Promise<CreatedKey>;
  /**
   * Returns a page of a tenant's keys. The last created key is first.
   * @throws TypeError if the tenant is invalid
   * @throws EvtError `EVT_INVALID_QUERY` if the limit or the cursor is invalid; another `EvtError` if the store fails
   */
  list(options: ListKeysOptions): Promise<KeyList>;
  /**
   * Creates a key with the scopes, client and name of a live key. Both keys work until the old one expires. A key can be
   * rotated once.
   * @throws TypeError if an option is unknown or invalid
   * @throws EvtError if the store fails
   */
  rotate(options: RotateKeyOptions): Promise<RotatedKey>;
  /**
   * Revokes a key, permanently. The key stops working immediately in this process, and within `cacheMs` in others. Returns the
   * key, or `null` if the tenant has no key with this id.
   * @throws EvtError if the store fails
   */
  revoke(options: { readonly tenantId: string; readonly id: string }): Promise<ApiKey | null>;
  /**
   * Returns the caller of a request. Pass this function to a router as `authenticate`.
   * @throws Problem 401 if the request does not have exactly one valid key
   * @throws EvtError if the store fails
   */
  readonly authenticate: (req: KeyRequest) => Promise<KeyCaller>;
  /** Routes that manage the keys of the caller's tenant, for callers with the scope `admin`. Pass them to a router as `extraRoutes`. */
  readonly routes: readonly ExtraRoute[];
  /** Waits for writes in progress, and closes the store. */
  close(): Promise<void>;
}
