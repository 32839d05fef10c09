import { type PgPool, PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import { onTestFinished } from "vitest";
import { postgresUrl } from "../../../test/setup/postgres-url.js";
import { createSchema, dropSchema, emptySchema, MOST_USES, type Months, reuseSchema } from "./schemas.js";

export { freshSchema } from "./schemas.js";

export interface FixtureOptions {
  /** The options of the store's pool. `admin` has none. */
  readonly config?: pg.PoolConfig;
  /** Returns the pool that the store uses. */
  readonly wrap?: (pool: pg.Pool) => PgPool;
  readonly preparedStatements?: boolean;
  /** `caller` if a test's records set when claims lapse. Default: the store's default. */
  readonly clock?: "database" | "caller";
  /** The store's option. */
  readonly foldEvery?: number;
  /** The months that have a partition. Default: the current month. */
  readonly months?: Months;
  /** Uses a schema that an earlier test emptied. Only for tests that change rows and partitions and nothing else. */
  readonly reused?: boolean;
}

export interface Fixture {
  /** The schema's name, which needs no quotes. */
  readonly schema: string;
  readonly store: PostgresStore;
  /** Has only the store's `error` listener. `pg_stat_activity` shows the schema's name for its connections. */
  readonly pool: pg.Pool;
  /** The pool of a superuser, to read stored rows and to cause failures. */
  readonly admin: pg.Pool;
  /** Waits until the store has returned every connection. */
  dispose(): Promise<void>;
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
  const { months, foldEvery, reused = false } = options;
  const schema = await (reused ? reuseSchema(months) : createSchema(months));
  const admin = newPool({ max: 4, maxUses: MOST_USES });
  admin.on("error", () => undefined);
  const pool = newPool({ application_name: schema, ...config });
  const folding = foldEvery === undefined ? {} : { foldEvery };
  const store = new PostgresStore({ pool: wrap(pool), schema, preparedStatements, clock, ...folding });
  const dispose = async () => {
    await store.close();
    if (!pool.ended) await pool.end();
    await admin.end();
    await (reused ? emptySchema(schema, months) : dropSchema(schema));
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
  return new pg.Pool({ connectionString: postgresUrl(), max: 10, ...config });
}
