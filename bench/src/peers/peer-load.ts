import type pg from "pg";
import { withPool } from "../database/fresh-schema.js";
import type { Race } from "../harness/race.js";
import type { MeteringEvent } from "../load/metering-load.js";

/** What a peer is given: the events of the load with a key each, a batch a call. */
export interface PeerLoad {
  readonly url: string;
  readonly writers: number;
  readonly race: Race;
  readonly batches: readonly (readonly { readonly key: string; readonly event: MeteringEvent }[])[];
  /** How many rows there are to be in the end. */
  readonly expected: number;
}

/** Without what the one before left, and without having to write it out. */
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

/** @throws Error where it is not what was sent */
export async function checkedCount(pool: pg.Pool, query: string, expected: number): Promise<void> {
  const { rows } = await pool.query<{ count: unknown }>(query);
  if (Number(rows[0]?.count) === expected) return;
  throw new Error(`${expected} events were sent; ${rows[0]?.count} are there, by: ${query}`);
}
