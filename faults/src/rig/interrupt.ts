import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Tally } from "../harness/tally.js";
import { crashBackend } from "./backends.js";
import type { Rig } from "./rig.js";

/** The application name of the sessions that are slow, and that a fault interrupts. */
const NAME = "evt-interrupted";
/** If the work ends this often before the fault, the fault does not hit the work. */
const MOST_MISSES = 50;

/**
 * Settings for faults that end Postgres often. A killed process loses nothing that it has written, with or without fsync.
 * Without fsync, Postgres restarts faster.
 */
export const SETTINGS = { fsync: "off" };

/** Returns the fault of a round: a backend is killed, or Postgres is stopped immediately. The two take turns. */
export function endingOf(round: number): (rig: Rig, pid: number) => Promise<void> {
  return round % 2 === 0 ? crashBackend : stopPostgres;
}

async function stopPostgres({ database }: Rig): Promise<void> {
  await database.stopAtOnce();
  await database.startAgain();
}

/**
 * Makes the work that writes to this table slow in sessions that a fault interrupts, so that a fault can hit each part of
 * the work: the statements and the commit. Each row takes a millisecond of each.
 * @param rows - an SQL condition on `new`: the rows that take this long
 */
export async function slowWrites(rig: Rig, table: string, rows = "true"): Promise<void> {
  await rig.admin(`create function evt.slow() returns trigger language plpgsql as $function$
    begin
      if current_setting('application_name') = '${NAME}' and ${rows} then perform pg_sleep(0.0005); end if;
      return new;
    end $function$`);
  await rig.admin(
    `create trigger slow before insert or update on evt.${table} for each row execute function evt.slow()`,
  );
  await rig.admin(
    `create constraint trigger slow_commit after insert or update on evt.${table} deferrable initially deferred for each row execute function evt.slow()`,
  );
}

/** Returns how long the work takes in a session that a fault may interrupt, in milliseconds. */
export async function durationOf(rig: Rig, work: (pool: pg.Pool) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await onPool(rig, work, NAME);
  return performance.now() - began;
}

interface Interruption {
  readonly rig: Rig;
  readonly tally: Tally;
  readonly random: () => number;
  readonly fault: (rig: Rig, pid: number) => Promise<void>;
  readonly work: (pool: pg.Pool) => Promise<unknown>;
  /** An SQL condition on `query` of `pg_stat_activity`: the session does the work. */
  readonly isAtWork: string;
  /** About how long the work takes. */
  readonly workMs: number;
  /** Called before each attempt. */
  readonly prepare: () => Promise<void>;
}

/** Starts the work until the fault ends it. */
export async function interrupt({ rig, tally, prepare, ...interruption }: Interruption): Promise<void> {
  for (let misses = 0; misses < MOST_MISSES; misses++) {
    await prepare();
    if (await onPool(rig, (pool) => isInterrupted(rig, pool, interruption), NAME)) return;
  }
  tally.expect(false, `the work ended ${MOST_MISSES} times before the fault`);
}

async function isInterrupted(
  rig: Rig,
  pool: pg.Pool,
  { work, isAtWork, workMs, random, fault }: Omit<Interruption, "rig" | "tally" | "prepare">,
): Promise<boolean> {
  let isOver = false;
  const working = work(pool)
    .then(
      () => null,
      (error: unknown) => error,
    )
    .finally(() => {
      isOver = true;
    });
  const pid = await backendAtWork(rig, isAtWork, () => isOver);
  if (pid !== null) {
    await sleep(random() * workMs);
    await fault(rig, pid);
  }
  const error = await working;
  if (error !== null && (pid === null || !isLostConnection(error))) throw error;
  return error !== null;
}

/** Returns false if Postgres refused a statement, so that the fault is not the cause. Connection errors have no SQLSTATE. */
function isLostConnection(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  const isSqlstate = typeof code === "string" && /^(?=.*\d)[0-9A-Z]{5}$/.test(code);
  return !isSqlstate || /^(57P|08)/.test(code);
}

/** Waits for the session that does the work, and returns its process ID. `null`: the work is over. */
async function backendAtWork(rig: Rig, isAtWork: string, isOver: () => boolean): Promise<number | null> {
  while (!isOver()) {
    const [backend] = await rig.admin(
      `select pid from pg_stat_activity where application_name = $1 and state = 'active' and ${isAtWork}`,
      [NAME],
    );
    if (backend !== undefined) return Number(backend["pid"]);
    await sleep(1);
  }
  return null;
}

/** Runs `work` over a pool of one connection. A fault may end this connection. */
export async function onPool<T>(
  { database }: Rig,
  work: (pool: pg.Pool) => Promise<T>,
  name = "evt-checks",
): Promise<T> {
  const pool = new pg.Pool({ connectionString: database.url, max: 1, application_name: name });
  pool.on("error", () => undefined);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
