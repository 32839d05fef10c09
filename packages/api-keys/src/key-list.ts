import { EvtError } from "@evt/core";
import { checkKnown, quoted } from "@evt/core/adapter";
import { type ApiKey, withoutHash } from "./api-key.js";
import type { ApiKeyStore, KeyPlace } from "./api-key-store.js";
import { checkTenant } from "./key-options.js";

/** Options of `list`. */
export interface ListKeysOptions {
  /** The tenant of the keys. */
  readonly tenantId: string;
  /** Maximum number of keys: 1 to 1,000. @defaultValue 100 */
  readonly limit?: number | undefined;
  /** `nextCursor` of the previous page. @defaultValue the first page */
  readonly cursor?: string | null | undefined;
}

/** A page of a tenant's keys. */
export interface KeyList {
  readonly keys: readonly ApiKey[];
  /** The `cursor` of the next page. `null` if there is none. */
  readonly nextCursor: string | null;
}

/** Returns a page of a tenant's keys. */
export async function listKeys(store: ApiKeyStore, options: ListKeysOptions): Promise<KeyList> {
  checkKnown("list", options, ["tenantId", "limit", "cursor"]);
  const { tenantId, limit = 100, cursor = null } = options;
  checkTenant(tenantId);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw invalid("limit", `limit is ${quoted(limit)}; it must be a whole number from 1 to 1000`);
  const after = cursor === null ? null : placeOf(cursor);
  const found = await store.list(tenantId, { limit: limit + 1, after });
  const keys = found.slice(0, limit).map(withoutHash);
  const last = found.length > limit ? keys.at(-1) : undefined;
  return { keys, nextCursor: last === undefined ? null : `${Date.parse(last.createdAt)}.${last.id}` };
}

const CURSOR = /^(\d{1,15})\.([0-9A-Za-z]{1,64})$/;

function placeOf(cursor: unknown): KeyPlace {
  const [, ms = "", id = ""] = (typeof cursor === "string" ? CURSOR.exec(cursor) : null) ?? [];
  const createdAt = new Date(id === "" ? Number.NaN : Number(ms));
  if (!Number.isNaN(createdAt.getTime()) && createdAt.getUTCFullYear() <= 9999)
    return { createdAt: createdAt.toISOString(), id };
  throw invalid("cursor", `cursor is ${quoted(cursor)}; use nextCursor of the previous page`);
}

function invalid(parameter: string, message: string): EvtError {
  return new EvtError("EVT_INVALID_QUERY", message, { parameter });
}
