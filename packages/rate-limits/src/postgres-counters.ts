import { checkKnown } from "@evt/core/adapter";
import { RateLimiterPostgres } from "rate-limiter-flexible";
import { limiterOptions } from "./limiter-options.js";
import type { CounterStore } from "./rate-counter.js";

const TABLE = "rate_limit";

/** Options of `postgresCounters`. */
export interface PostgresCountersOptions {
  /** A pool of `pg`. */
  readonly pool: object;
  /** The schema of the table `rate_limit`. @defaultValue "evt" */
  readonly schema?: string | undefined;
}

/**
 * Returns a store that counts in the table `rate_limit`, which all processes share. Create the table with `migrateRateLimits`.
 * Every five minutes, rows that expired more than an hour ago are deleted.
 * @throws TypeError if an option is invalid
 */
export function postgresCounters(options: PostgresCountersOptions): CounterStore {
  checkKnown("postgresCounters", options, ["pool", "schema"]);
  const { pool, schema = "evt" } = options;
  checkSchema(schema);
  return {
    isShared: true,
    create: (policy) =>
      new RateLimiterPostgres({
        ...limiterOptions(policy),
        storeClient: pool,
        storeType: "pool",
        schemaName: schema,
        tableName: TABLE,
        tableCreated: true,
      }),
  };
}

/** Options of `migrateRateLimits`. */
export interface MigrateRateLimitsOptions {
  /** The schema of the table. The schema must exist. @defaultValue "evt" */
  readonly schema?: string | undefined;
}

/** The method of a pool that `migrateRateLimits` needs. */
export interface SqlPool {
  query(sql: string): Promise<unknown>;
}

/**
 * Creates the table `rate_limit` unless it exists. Several processes may run it concurrently. The application's role needs
 * `usage` on the schema, and `select, insert, update, delete` on the table. The table is unlogged: a crash of the server empties it.
 * @throws TypeError if an option is invalid
 * @throws any error that `pg` throws
 */
export async function migrateRateLimits(
  pool: SqlPool,
  options: MigrateRateLimitsOptions = {},
): Promise<void> {
  checkKnown("migrateRateLimits", options, ["schema"]);
  const { schema = "evt" } = options;
  checkSchema(schema);
  // Postgres runs all statements of one string in one transaction, which keeps the lock. Without the lock, concurrent creations can fail
  await pool.query(`
select pg_advisory_xact_lock(hashtextextended('evt.migrateRateLimits ${schema}', 0));
create unlogged table if not exists "${schema}"."${TABLE}" (
  key    varchar(255) collate "C" primary key,
  points integer not null default 0,
  -- milliseconds since 1970. pg returns this type as a number, even if the host parses bigint as BigInt
  expire double precision
);
create index if not exists ${TABLE}_by_expire on "${schema}"."${TABLE}" (expire);`);
}

function checkSchema(schema: string): void {
  if (typeof schema === "string" && /^(?!pg_)[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(schema)) return;
  throw new TypeError(
    `schema is ${JSON.stringify(schema)}; it must have 1 to 63 letters, digits, _ or -, begin with a letter or _, and not begin with pg_`,
  );
}
