import { checkKnown, checkWhole } from "@evt/core/adapter";
import type { PgPool } from "@evt/store-postgres";
import { Connections, quotedSchema } from "@evt/store-postgres/internal";
import type { StoredApiKey } from "../api-key.js";
import { type ApiKeyStore, type KeyPage, type Rotation, USE_INTERVAL_MS } from "../api-key-store.js";
import { keyColumns, keyOfRow, NEW_KEY_COLUMNS, newKeyPlaceholders, newKeyValues } from "./key-row.js";

/** Options of `PostgresApiKeyStore`. */
export interface PostgresApiKeyStoreOptions {
  /** A pool of `pg`. The application owns it: `close` does not end it. */
  readonly pool: PgPool;
  /** The schema in which `migrateApiKeys` created the table. @defaultValue "evt" */
  readonly schema?: string | undefined;
  /** Maximum time of a statement, in milliseconds. A slower one is cancelled. @defaultValue 5,000 */
  readonly timeoutMs?: number | undefined;
}

const OPTIONS = Object.keys({ pool: true, schema: true, timeoutMs: true } satisfies Record<
  keyof PostgresApiKeyStoreOptions,
  true
>);

/**
 * Stores API keys in Postgres, in the table that `migrateApiKeys` creates.
 *
 * @example
 * ```ts
 * await migrateApiKeys(pool);
 * const keys = createApiKeys({ store: new PostgresApiKeyStore({ pool }) });
 * ```
 */
export class PostgresApiKeyStore implements ApiKeyStore {
  readonly #connections: Connections;
  readonly #table: string;
  readonly #timeoutMs: number;

  /** @throws TypeError if an option is missing, unknown or invalid */
  constructor(options: PostgresApiKeyStoreOptions) {
    checkKnown("PostgresApiKeyStore", options, OPTIONS);
    const { pool, schema = "evt", timeoutMs = 5_000 } = options;
    checkWhole("timeoutMs", timeoutMs, 1);
    if (typeof pool?.connect !== "function") throw new TypeError("PostgresApiKeyStore needs a pool of pg");
    this.#table = `${quotedSchema(schema)}.api_key`;
    this.#connections = new Connections(pool);
    this.#timeoutMs = timeoutMs;
  }

  async insert(key: StoredApiKey): Promise<void> {
    const text = `insert into ${this.#table} (${NEW_KEY_COLUMNS}) values (${newKeyPlaceholders(1)})`;
    await this.#rows(text, newKeyValues(key));
  }

  async find(id: string): Promise<StoredApiKey | null> {
    const [row] = await this.#keys(`from ${this.#table} as key where key.id = $1::text`, [id]);
    return row ?? null;
  }

  list(tenantId: string, { limit, after }: KeyPage): Promise<readonly StoredApiKey[]> {
    return this.#keys(
      `from ${this.#table} as key
        where key.tenant_id = $1::text
          and ($3::timestamptz is null or (key.created_at, key.id) < ($3::timestamptz, $4::text))
        order by key.created_at desc, key.id desc
        limit $2::integer`,
      [tenantId, limit, after?.createdAt ?? null, after?.id ?? null],
    );
  }

  async rotate({ tenantId, id, at, expiresAt, successor }: Rotation): Promise<boolean> {
    const rows = await this.#rows(
      `with old as (
         update ${this.#table}
            set expires_at = least(expires_at, $4::timestamptz), rotated_to = $5::text
          where tenant_id = $1::text and id = $2::text and rotated_to is null and revoked_at is null
            and (expires_at is null or expires_at > $3::timestamptz)
         returning id)
       insert into ${this.#table} (${NEW_KEY_COLUMNS})
       select ${newKeyPlaceholders(6)} from old
       returning id`,
      [tenantId, id, at, expiresAt, successor.id, ...newKeyValues(successor)],
    );
    return rows.length === 1;
  }

  async revoke(tenantId: string, id: string, at: string): Promise<StoredApiKey | null> {
    const [row] = await this.#rows(
      `update ${this.#table} as key
          set revoked_at = coalesce(key.revoked_at, $3::timestamptz)
        where key.tenant_id = $1::text and key.id = $2::text
       returning ${keyColumns("key")}`,
      [tenantId, id, at],
    );
    return row === undefined ? null : keyOfRow(row);
  }

  async noteUse(id: string, at: string): Promise<void> {
    await this.#rows(
      `update ${this.#table}
          set last_used_at = $2::timestamptz
        where id = $1::text
          and (last_used_at is null or last_used_at <= $2::timestamptz - $3::integer * interval '1 millisecond')`,
      [id, at, USE_INTERVAL_MS],
    );
  }

  /** Waits until every borrowed connection is returned. Does not end the pool. */
  close(): Promise<void> {
    return this.#connections.close();
  }

  async #keys(from: string, values: unknown[]): Promise<readonly StoredApiKey[]> {
    return (await this.#rows(`select ${keyColumns("key")} ${from}`, values)).map(keyOfRow);
  }

  #rows(text: string, values: unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    return this.#connections.run({ signal }, ({ query }) => query({ text, values }));
  }
}
