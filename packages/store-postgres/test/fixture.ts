import { randomBytes } from "node:crypto";
import { type MigrateOptions, migrate, type PgPool, PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import { inject, onTestFinished } from "vitest";

export interface FixtureOptions {
  /** The options of the store's pool; `admin` has none. */
  readonly config?: pg.PoolConfig;
  /** Returns the pool that the store uses. */
  readonly wrap?: (pool: pg.Pool) => PgPool;
  readonly preparedStatements?: boolean;
  /** `caller` if the records of a test set when claims lapse. Default: that of the store. */
  readonly clock?: "database" | "caller";
  /** The option of the store. */
  readonly foldEvery?: number;
  /** The months that have a partition. Default: the current one. */
  readonly months?: Pick<MigrateOptions, "now" | "monthsAhead">;
}

export interface Fixture {
  /** The schema's name, which needs no quotes. */
  readonly schema: string;
  readonly store: PostgresStore;
  /** Has only the store's `error` listener. `pg_stat_activity` shows the schema's name for its connections. */
  readonly pool: pg.Pool;
  /** The pool of a superuser, to read what was stored and to cause failures. */
  readonly admin: pg.Pool;
  /** Waits until the store has returned every connection. */
  dispose(): Promise<void>;
}

export function freshSchema(): string {
  return `t_${randomBytes(8).toString("hex")}`;
}

/** A pool that ends with the test. */
export function testPool(config: pg.PoolConfig = {}): pg.Pool {
  const pool = newPool(config);
  pool.on("error", () => undefined);
  onTestFinished(() => (pool.ended ? undefined : pool.end()));
  return pool;
}

/** Creates a schema and a store over it. The caller disposes of it. */
export async function createFixture(options: FixtureOptions = {}): Promise<Fixture> {
  const {
    config = {},
    wrap = (pool: pg.Pool) => pool,
    preparedStatements = true,
    clock = "database",
  } = options;
  const { months = { monthsAhead: 1 }, foldEvery } = options;
  const schema = freshSchema();
  const admin = newPool({ max: 4 });
  await migrate(admin, { schema, ...months });
  const pool = newPool({ application_name: schema, ...config });
  const folding = foldEvery === undefined ? {} : { foldEvery };
  const store = new PostgresStore({ pool: wrap(pool), schema, preparedStatements, clock, ...folding });
  const dispose = async () => {
    await store.close();
    if (!pool.ended) await pool.end();
    await admin.query(`drop schema ${schema} cascade`);
    await admin.end();
  };
  return { schema, store, pool, admin, dispose };
}

/** Creates the same for one test, and disposes of it after the test. */
export async function fixture(options: FixtureOptions = {}): Promise<Fixture> {
  const created = await createFixture(options);
  onTestFinished(created.dispose);
  return created;
}

function newPool(config: pg.PoolConfig): pg.Pool {
  return new pg.Pool({ connectionString: inject("postgresUrl"), max: 10, ...config });
}
