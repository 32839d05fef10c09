import type pg from "pg";
import { withPool } from "../database/fresh-schema.js";
import type { Race } from "../harness/race.js";
import type { MeteringEvent } from "../load/metering-load.js";

/** The load of another library: the same events, each with a key, one batch per call. */
export interface PeerLoad {
  readonly url: string;
  readonly writers: number;
  readonly race: Race;
  readonly batches: readonly (readonly { readonly key: string; readonly event: MeteringEvent }[])[];
  /** The expected number of rows at the end. */
  readonly expected: number;
}

/** Drops the schemas, writes a checkpoint and runs `work`. */
export function onEmptyDatabase<T>(
  url: string,
  schemas: readonly string[],
  work: (pool: pg.Pool) => Promise<T>,
): Promise<T> {
  return withPool(url, 1, async (pool) => {
    for (const schema of schemas) await pool.query(`drop schema if exists ${schema} cascade`);
    await pool.query("checkpoint");
    return work(pool);
  });
}

/** @throws Error unless the count equals the expected count */
export async function checkedCount(pool: pg.Pool, query: string, expected: number): Promise<void> {
  const { rows } = await pool.query<{ count: unknown }>(query);
  if (Number(rows[0]?.count) === expected) return;
  throw new Error(`${expected} events were sent; found ${rows[0]?.count} with: ${query}`);
}
