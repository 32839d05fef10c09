import type { Scope } from "@evt/http";
import type { StoredApiKey } from "../api-key.js";

/** The columns of a key as text, as {@link keyOfRow} reads them. `name` is the name of the table in the statement. */
export const keyColumns = (name: string): string => `
  ${name}.id, ${name}.tenant_id, ${name}.client_id, ${name}.name, array_to_string(${name}.scopes, ',') as scopes,
  encode(${name}.secret_sha256, 'hex') as secret_sha256, ${[
    "created_at",
    "expires_at",
    "revoked_at",
    "last_used_at",
  ]
    .map((column) => `(extract(epoch from ${name}.${column}) * 1000)::bigint as ${column}`)
    .join(", ")}, ${name}.rotated_to`;

/** Converts a row to a key. */
export function keyOfRow(row: Readonly<Record<string, unknown>>): StoredApiKey {
  return {
    id: String(row.id),
    tenantId: String(row.tenant_id),
    clientId: textOf(row.client_id),
    name: textOf(row.name),
    scopes: String(row.scopes).split(",") as readonly string[] as readonly Scope[],
    createdAt: instantOf(row.created_at) ?? "",
    expiresAt: instantOf(row.expires_at),
    revokedAt: instantOf(row.revoked_at),
    lastUsedAt: instantOf(row.last_used_at),
    rotatedTo: textOf(row.rotated_to),
    secretHash: Buffer.from(String(row.secret_sha256), "hex"),
  };
}

/** The columns of a new key, in the order of {@link newKeyValues}. */
export const NEW_KEY_COLUMNS =
  "id, tenant_id, client_id, name, scopes, secret_sha256, created_at, expires_at";

/** The placeholders of {@link newKeyValues}. They begin at `first`. */
export function newKeyPlaceholders(first: number): string {
  const types = ["text", "text", "text", "text", "text[]", "bytea", "timestamptz", "timestamptz"];
  return types.map((type, i) => `$${first + i}::${type}`).join(", ");
}

/** The values of a new key, which is not revoked, used or rotated. */
export function newKeyValues(key: StoredApiKey): unknown[] {
  const { id, tenantId, clientId, name, scopes, secretHash, createdAt, expiresAt } = key;
  return [id, tenantId, clientId, name, [...scopes], Buffer.from(secretHash), createdAt, expiresAt];
}

function textOf(value: unknown): string | null {
  return value === null ? null : String(value);
}

function instantOf(value: unknown): string | null {
  return value === null ? null : new Date(Number(value)).toISOString();
}
