import type { PgQuery } from "@evt/store-postgres";
import type pg from "pg";

/** Postgres's counters for the tables that a transaction reads. */
const COUNTS = `
  select relname as name, coalesce(seq_tup_read, 0)::int as scanned, coalesce(idx_tup_fetch, 0)::int as found
    from pg_stat_xact_user_tables where schemaname = $1`;

interface Count {
  readonly name: string;
  readonly scanned: number;
  readonly found: number;
}

export interface Read {
  /** The number of rows that were read, including filtered rows. */
  readonly read: number;
  /** The tables that were read completely. */
  readonly scanned: readonly string[];
}

/** A connection whose statements keep a generic plan, as they do in the long run. */
export class LongPrepared {
  readonly #client: pg.PoolClient;
  readonly #schema: string;

  private constructor(client: pg.PoolClient, schema: string) {
    this.#client = client;
    this.#schema = schema;
  }

  static async on(pool: pg.Pool, schema: string): Promise<LongPrepared> {
    const client = await pool.connect();
    await client.query("set plan_cache_mode = force_generic_plan");
    return new LongPrepared(client, schema);
  }

  async prepare(queries: readonly PgQuery[]): Promise<void> {
    for (const query of queries) await this.run(query);
  }

  /** Runs the statement, rolls it back, and returns which rows and tables it read. */
  async run(query: PgQuery): Promise<Read> {
    await this.#client.query("begin");
    try {
      const before = await this.#counts();
      await this.#client.query(query as pg.QueryConfig);
      return difference(before, await this.#counts());
    } finally {
      await this.#client.query("rollback");
    }
  }

  end(): void {
    this.#client.release(true);
  }

  async #counts(): Promise<readonly Count[]> {
    const { rows } = await this.#client.query<Count>(COUNTS, [this.#schema]);
    return rows;
  }
}

function difference(before: readonly Count[], after: readonly Count[]): Read {
  const known = new Map(before.map((count) => [count.name, count]));
  const grown = after.map(({ name, scanned, found }) => ({
    name,
    scanned: scanned - (known.get(name)?.scanned ?? 0),
    found: found - (known.get(name)?.found ?? 0),
  }));
  return {
    read: grown.reduce((total, { scanned, found }) => total + scanned + found, 0),
    scanned: grown.filter(({ scanned }) => scanned > 0).map(({ name }) => name),
  };
}
