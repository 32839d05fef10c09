import { checkKnown } from "@evt/core/adapter";
import type { PgPool } from "@evt/store-postgres";
import { inTransaction, quotedSchema } from "@evt/store-postgres/internal";

/** Options of `migrateApiKeys`. */
export interface MigrateApiKeysOptions {
  /** The schema of the table. It must exist. @defaultValue "evt" */
  readonly schema?: string | undefined;
}

/**
 * Creates the table `api_key` in the store's schema unless it exists. Run it after the store's `migrate`, with the same
 * role. Several processes may run it concurrently.
 *
 * @example
 * ```ts
 * await migrate(pool);
 * await migrateApiKeys(pool);
 * ```
 * @throws TypeError if an option is invalid
 * @throws any error that `pg` throws
 */
export async function migrateApiKeys(pool: PgPool, options: MigrateApiKeysOptions = {}): Promise<void> {
  checkKnown("migrateApiKeys", options, ["schema"]);
  const schema = quotedSchema(options.schema ?? "evt");
  await inTransaction(pool, async (query) => {
    // Postgres can fail if two transactions create a table at the same time, even with `if not exists`
    await query("select pg_advisory_xact_lock(hashtextextended('evt.migrateApiKeys ' || $1::text, 0))", [
      schema,
    ]);
    await query(tables(schema));
  });
}

const tables = (schema: string): string => `
create table if not exists ${schema}.api_key (
  id            text collate "C" primary key,
  tenant_id     text collate "C" not null,
  client_id     text collate "C",           -- null: the key acts for the whole tenant
  name          text,
  scopes        text[] not null,
  secret_sha256 bytea not null check (octet_length(secret_sha256) = 32),
  created_at    timestamptz not null,
  expires_at    timestamptz,                -- null: never
  revoked_at    timestamptz,
  last_used_at  timestamptz,
  rotated_to    text collate "C"            -- the id of the key that replaces this one
);
create index if not exists api_key_by_tenant on ${schema}.api_key (tenant_id, created_at desc, id desc);
`;
