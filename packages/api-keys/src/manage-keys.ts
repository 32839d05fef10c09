import { type ApiKey, isLive, type StoredApiKey, withoutHash } from "./api-key.js";
import type { ApiKeyStore } from "./api-key-store.js";
import type { CreatedKey, KeyClock, RotatedKey } from "./api-keys.js";
import {
  type CreateKeyOptions,
  checkedDescription,
  checkedRotation,
  checkId,
  checking,
  checkTenant,
  type KeyDescription,
  LAST_MS,
  type RotateKeyOptions,
} from "./key-options.js";
import { newKeyText, parseApiKey } from "./key-text.js";
import type { RecentKeys } from "./recent-keys.js";
import { secretHash } from "./secret-hash.js";

/** The dependencies of the functions that manage keys. */
export interface ManagedKeys {
  readonly store: ApiKeyStore;
  /** The cached keys. A key is removed from them when it changes. */
  readonly recent: RecentKeys;
  readonly clock: KeyClock;
}

/** Creates a key. */
export async function createKey(
  { store, clock }: ManagedKeys,
  options: CreateKeyOptions,
): Promise<CreatedKey> {
  const now = clock.now();
  const made = newKey(
    checking(() => checkedDescription(options, now)),
    now,
  );
  await store.insert(made.stored);
  return { key: made.key, apiKey: withoutHash(made.stored) };
}

/** Creates a key that replaces a live key. */
export async function rotateKey(
  { store, recent, clock }: ManagedKeys,
  options: RotateKeyOptions,
): Promise<RotatedKey> {
  const now = clock.now();
  const { oldExpiresAt, newExpiresAt } = checking(() => checkedRotation(options, now));
  const { tenantId, id } = options;
  const old = await keyOf(store, tenantId, id);
  if (old === null) return { outcome: "unknown" };
  const made = newKey({ ...old, expiresAt: newExpiresAt ?? sameLifetime(old, now) }, now);
  const at = new Date(now).toISOString();
  const isRotated = await store.rotate({ tenantId, id, at, expiresAt: oldExpiresAt, successor: made.stored });
  recent.forget(id);
  if (!isRotated) return { outcome: whyNot((await keyOf(store, tenantId, id)) ?? old, now) };
  return { outcome: "rotated", key: made.key, apiKey: withoutHash(made.stored) };
}

/** Revokes a key. */
export async function revokeKey(
  { store, recent, clock }: ManagedKeys,
  { tenantId, id }: { readonly tenantId: string; readonly id: string },
): Promise<ApiKey | null> {
  checkTenant(tenantId);
  checkId(id);
  const revoked = await store.revoke(tenantId, id, new Date(clock.now()).toISOString());
  recent.forget(id);
  return revoked && withoutHash(revoked);
}

async function keyOf(store: ApiKeyStore, tenantId: string, id: string): Promise<StoredApiKey | null> {
  const key = await store.find(id);
  return key?.tenantId === tenantId ? key : null;
}

function newKey(
  description: KeyDescription,
  now: number,
): { readonly key: string; readonly stored: StoredApiKey } {
  const key = newKeyText();
  const parsed = parseApiKey(key);
  if (parsed === null) throw new Error("a new key must be well formed");
  const { tenantId, clientId, name, scopes, expiresAt } = description;
  const stored: StoredApiKey = {
    id: parsed.id,
    ...{ tenantId, clientId, name, scopes },
    createdAt: new Date(now).toISOString(),
    expiresAt,
    ...{ revokedAt: null, lastUsedAt: null, rotatedTo: null },
    secretHash: secretHash(parsed.secret),
  };
  return { key, stored };
}

function sameLifetime({ createdAt, expiresAt }: ApiKey, now: number): string | null {
  if (expiresAt === null) return null;
  const end = now + Date.parse(expiresAt) - Date.parse(createdAt);
  return new Date(Math.min(end, LAST_MS)).toISOString();
}

function whyNot(key: ApiKey, now: number): "revoked" | "expired" | "already_rotated" {
  if (key.revokedAt !== null) return "revoked";
  return isLive(key, now) ? "already_rotated" : "expired";
}
