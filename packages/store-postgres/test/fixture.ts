import { randomBytes } from "node:crypto";
import { type MigrateOptions, migrate, type PgPool, PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import { inject, onTestFinished } from "vitest";

export interface FixtureOptions {
  /** Of the store's pool; `admin` is an ordinary one. */
  readonly config?: pg.PoolConfig;
  /** What the store sees in place of its pool. */
  readonly wrap?: (pool: pg.Pool) => PgPool;
  readonly preparedStatements?: boolean;
  /** `caller` where a test says by its records when claims lapse. Default: as the store. */
  readonly clock?: "database" | "caller";
  /** Of the store. */
  readonly foldEvery?: number;
  /** Which months have a partition. Default: this one. */
  readonly months?: Pick<MigrateOptions, "now" | "monthsAhead">;
}

export interface Fixture {
  /** The schema's name: of characters that need no quotes. */
  readonly schema: string;
  readonly store: PostgresStore;
  /** Has no `error` listener but the store's. Its connections bear the schema's name in `pg_stat_activity`. */
  readonly pool: pg.Pool;
  /** A superuser's, to look at what was stored and to make trouble. */
  readonly admin: pg.Pool;
  /** Waits until the store has given every connection back. */
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

/** A schema of one's own with a store over it. The caller disposes of it. */
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

/** The same for one test, at whose end it is gone. */
export async function fixture(options: FixtureOptions = {}): Promise<Fixture> {
  const created = await createFixture(options);
  onTestFinished(created.dispose);
  return created;
}

function newPool(config: pg.PoolConfig): pg.Pool {
  return new pg.Pool({ connectionString: inject("postgresUrl"), max: 10, ...config });
}
