import { randomBytes, randomUUID } from "node:crypto";
import type pg from "pg";
import { testPool } from "../fixture.js";

const TENANT = "old traffic";
const WORKERS = 4;
/** The number of rounds that each worker does before `work` begins, and again after it ends. */
const ROUNDS_AROUND = 3;

/** The load's progress so far. */
export interface Progress {
  readonly failures: readonly unknown[];
  readonly slowestMs: number;
  readonly counted: number;
  readonly parked: number;
}

export interface Load extends Progress {
  /** Returns the numbers of stored rows. */
  stored(admin: pg.Pool): Promise<{ claims: number; events: number; parked: number }>;
}

/** Counts, parks, lists and aggregates with version 1's statements, which every later version still accepts. */
export async function underLoad(
  schema: string,
  work: (progress: Progress) => Promise<unknown>,
): Promise<Load> {
  const pool = testPool({ max: WORKERS });
  const load = { failures: [] as unknown[], slowestMs: 0, counted: 0, parked: 0 };
  let after = 0;
  let begin: () => void = () => undefined;
  let done = false;
  const warm = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const timed = async (operation: () => Promise<unknown>): Promise<boolean> => {
    const startedAt = performance.now();
    try {
      await operation();
      return true;
    } catch (error) {
      load.failures.push(error);
      return false;
    } finally {
      load.slowestMs = Math.max(load.slowestMs, performance.now() - startedAt);
    }
  };
  const worker = async () => {
    for (let round = 0; !done || after < ROUNDS_AROUND * WORKERS; round++) {
      if (await timed(() => count(pool, schema))) load.counted++;
      if (await timed(() => park(pool, schema))) load.parked++;
      await timed(() => read(pool, schema));
      if (done) after++;
      if (round === ROUNDS_AROUND) begin();
    }
  };
  const workers = Array.from({ length: WORKERS }, worker);
  await warm;
  try {
    await work(load);
  } finally {
    done = true;
    await Promise.all(workers);
  }
  return { ...load, stored: (admin) => storedIn(admin, schema) };
}

async function count(pool: pg.Pool, schema: string): Promise<void> {
  const client = await pool.connect();
  const id = randomBytes(32);
  const at = "2026-03-01T12:00:00Z";
  try {
    await client.query("begin");
    await client.query(
      `insert into ${schema}.claim (received_at, receipt_id, tenant_id, place, identity) values ($1, $2, $3, $4, $5)`,
      [at, randomUUID(), TENANT, id.subarray(0, 8), id],
    );
    await client.query(
      `insert into ${schema}.event (received_at, occurred_at, identified_by, tenant_id, id, client_id, metric, amount)
       values ($1, $1, 'k', $2, $3, 'c', 'm', 1)`,
      [at, TENANT, id],
    );
    await client.query(
      `insert into ${schema}.tally (tenant_id, client_ids, metrics, quarters, counts, sums, mins, maxs)
       values ($1, '{c}', '{m}', array[$2::timestamptz], '{1}', '{1}', '{1}', '{1}')`,
      [TENANT, at],
    );
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

async function park(pool: pg.Pool, schema: string): Promise<void> {
  await pool.query(
    `insert into ${schema}.parked as kept (tenant_id, id, status, received_at, issues, attempts, last_attempt_at)
     values ($1, $2, 'rejected', now(), '[{"code":"amount_missing","path":"","message":""}]', 1, now())
     on conflict (tenant_id, id) do update set attempts = kept.attempts + 1`,
    [TENANT, randomBytes(32)],
  );
}

async function read(pool: pg.Pool, schema: string): Promise<void> {
  await pool.query(
    `select id from ${schema}.parked where tenant_id = $1 and status = 'rejected' and resolved_at is null
      order by received_at desc, id desc limit 50`,
    [TENANT],
  );
  await pool.query(`select sum(count) from ${schema}.rollup where tenant_id = $1`, [TENANT]);
  await pool.query(
    `select id from ${schema}.event where tenant_id = $1 order by received_at desc, id desc limit 50`,
    [TENANT],
  );
}

async function storedIn(
  admin: pg.Pool,
  schema: string,
): Promise<{ claims: number; events: number; parked: number }> {
  const of = (table: string) => `(select count(*)::int from ${schema}.${table} where tenant_id = $1)`;
  const { rows } = await admin.query(
    `select ${of("claim")} as claims, ${of("event")} as events, ${of("parked")} as parked`,
    [TENANT],
  );
  return rows[0];
}
