import type { Scope } from "@evt/http";

/** A stored API key, without its secret. Instants are in ISO 8601, in UTC. */
export interface ApiKey {
  /** The public id: the part of the key between its underscores. */
  readonly id: string;
  /** The tenant whose events the key reads and writes. */
  readonly tenantId: string;
  /** The client that the key is bound to. `null` if the key acts for the whole tenant. */
  readonly clientId: string | null;
  /** A name for people. */
  readonly name: string | null;
  /** What the key may do. */
  readonly scopes: readonly Scope[];
  /** When the key was created. */
  readonly createdAt: string;
  /** When the key stops working. `null` if never. */
  readonly expiresAt: string | null;
  /** When the key was revoked. `null` if it was not. */
  readonly revokedAt: string | null;
  /** When the key was last used, exact to about a minute. `null` if it never was. */
  readonly lastUsedAt: string | null;
  /** The id of the key that replaces this one. `null` if the key was not rotated. */
  readonly rotatedTo: string | null;
}

/** An API key as a store keeps it: with the hash of its secret. */
export interface StoredApiKey extends ApiKey {
  /** The SHA-256 of the secret: 32 bytes. */
  readonly secretHash: Uint8Array;
}

/** Returns the key without the hash of its secret. */
export function withoutHash({ secretHash: _, ...key }: StoredApiKey): ApiKey {
  return key;
}

/** Returns whether a key is neither revoked nor expired at an instant, in Unix milliseconds. */
export function isLive({ expiresAt, revokedAt }: ApiKey, now: number): boolean {
  return revokedAt === null && !isExpired(expiresAt, now);
}

/** Returns whether an expiry has passed at an instant, in Unix milliseconds. */
export function isExpired(expiresAt: string | null, now: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= now;
}
