import type { StoredApiKey } from "./api-key.js";

/** The place of a key in a list: its creation time and its id. */
export interface KeyPlace {
  readonly createdAt: string;
  readonly id: string;
}

/** A page of a tenant's keys to list. */
export interface KeyPage {
  /** Maximum number of keys. */
  readonly limit: number;
  /** The place after which the page begins. `null` for the first page. */
  readonly after: KeyPlace | null;
}

/** A rotation: the new key, and when the old one expires. */
export interface Rotation {
  /** The tenant of both keys. */
  readonly tenantId: string;
  /** The id of the old key. */
  readonly id: string;
  /** The current time. */
  readonly at: string;
  /** When the old key expires, unless it expires earlier. */
  readonly expiresAt: string;
  /** The new key. */
  readonly successor: StoredApiKey;
}

/**
 * Stores API keys. `describeKeyStore` in the tests of this package is its contract. Every method may reject with an
 * `EvtError`, such as `EVT_STORE_UNAVAILABLE`. Tenants never see each other's keys, except through {@link find}.
 */
export interface ApiKeyStore {
  /** Stores a new key. Its id is random, so it is not in use. */
  insert(key: StoredApiKey): Promise<void>;
  /** Returns the key with this id, of any tenant, or `null`. A key is found until it is removed, even if it is revoked. */
  find(id: string): Promise<StoredApiKey | null>;
  /** Returns a page of a tenant's keys. The last created key is first; keys of the same time are sorted by id, descending. */
  list(tenantId: string, page: KeyPage): Promise<readonly StoredApiKey[]>;
  /**
   * Atomically stores the successor, and sets `expiresAt` and `rotatedTo` of the old key. Returns `false` and changes
   * nothing if the old key is unknown, revoked, expired or already rotated. Of concurrent rotations of a key, one wins.
   */
  rotate(rotation: Rotation): Promise<boolean>;
  /** Sets `revokedAt`, unless it is set. Returns the key, or `null` if the tenant has no key with this id. */
  revoke(tenantId: string, id: string, at: string): Promise<StoredApiKey | null>;
  /** Sets `lastUsedAt` to `at`, if it is `null` or at least a minute before `at`. */
  noteUse(id: string, at: string): Promise<void>;
  /** Releases the store's resources. */
  close?(): Promise<void>;
}

/** The shortest time between two writes of `lastUsedAt`, in milliseconds. */
export const USE_INTERVAL_MS = 60_000;
