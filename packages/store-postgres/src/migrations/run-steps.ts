import { setTimeout as sleep } from "node:timers/promises";
import type { PgPool } from "../connection/pg-pool.js";
import type { SqlQuery } from "../connection/transaction.js";
import { buildIndex } from "./build-index.js";
import { PAGES_PER_SLICE, type Step } from "./index.js";
import { createJournal, firstMissing, readJournal, recordStep } from "./journal.js";
import { type LockLimits, retryingLocks } from "./lock-retries.js";

/** The longest pause between two attempts to take the lock, in milliseconds. */
const MAX_POLL_MS = 500;

export interface Run {
  /** Provides the second connection that building an index needs. */
  readonly pool: Pick<PgPool, "connect">;
  /** The schema's name. */
  readonly schema: string;
  /** The schema's name as a quoted identifier. */
  readonly quoted: string;
  readonly steps: readonly Step[];
  readonly limits: LockLimits;
}

/**
 * Applies the missing steps in order, each in its own transactions, and returns their versions. Each transaction
 * first takes an advisory lock and reads the journal. So any number of processes may migrate concurrently, even
 * through a pooler with transaction pooling. After a failure, the next run continues with the first step that is not
 * in the journal.
 */
export async function runSteps(run: Run, query: SqlQuery): Promise<readonly number[]> {
  const applied: number[] = [];
  const slices: Slices = { version: 0, page: 0 };
  for (;;) {
    const step = await inLockedTransaction(run, query, () => advance(run, slices, query));
    if (step === "done") return applied;
    if (step !== "continues") applied.push(step);
  }
}

/** Runs `work` in a transaction that blocks other migrations of the schema. */
export async function inLockedTransaction<T>(
  run: Pick<Run, "schema" | "limits">,
  query: SqlQuery,
  work: () => Promise<T>,
): Promise<T> {
  await beginLocked(run, query);
  const result = await work();
  await query("commit");
  return result;
}

/**
 * Begins a transaction that holds the lock. While another process holds it, tries again after a pause, each time in a
 * new transaction. A statement that waits for the lock would hold a snapshot, and the other process's concurrent
 * index build would wait for that snapshot.
 */
async function beginLocked(
  { schema, limits: { timeoutMs } }: Pick<Run, "schema" | "limits">,
  query: SqlQuery,
): Promise<void> {
  const startedAt = performance.now();
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 2, MAX_POLL_MS)) {
    await query("begin isolation level read committed read write");
    await query("set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0");
    if (await tryLock(schema, query)) return;
    await query("rollback");
    if (performance.now() - startedAt + pauseMs > timeoutMs)
      throw new Error(
        `schema ${schema} could not be locked within ${timeoutMs} ms, because another process is migrating it; run migrate again when that process is done`,
      );
    await sleep(pauseMs * (0.5 + Math.random() / 2));
  }
}

async function tryLock(schema: string, query: SqlQuery): Promise<boolean> {
  const [row] = await query(
    "select pg_try_advisory_xact_lock(hashtextextended('evt.migrate ' || $1::text, 0))::text as locked",
    [schema],
  );
  const locked = row?.["locked"];
  if (locked === "true" || locked === "false") return locked === "true";
  throw new Error(`pg_try_advisory_xact_lock returned ${String(locked)}; expected true or false`);
}

/** The progress of a step that runs in slices. */
interface Slices {
  version: number;
  page: number;
}

/**
 * Applies the first missing step, or one slice of it. Returns the step's version if the step is complete, `continues`
 * if it has more slices, and `done` if no step is missing.
 */
async function advance(run: Run, slices: Slices, query: SqlQuery): Promise<number | "continues" | "done"> {
  const { quoted, steps, limits } = run;
  await retryingLocks(quoted, "the journal of migrations", limits, query, () => createJournal(quoted, query));
  const step = firstMissing(quoted, steps, await readJournal(quoted, query));
  if (step === null) return "done";
  const what = `migration ${step.version} (${step.name})`;
  return retryingLocks(quoted, what, limits, query, async () => {
    if (step.kind === "slices" && !(await runSlice(run, step, slices, query))) return "continues";
    if (step.kind === "index") await buildIndex(run, step, query);
    if (step.kind === undefined || step.kind === "transaction") await query(step.sql);
    await recordStep(quoted, step, query);
    return step.version;
  });
}

/**
 * Backfills one slice. Returns true if it was the last slice. Processes of this version write complete rows, so rows
 * that they add meanwhile need no backfill.
 */
async function runSlice(
  { quoted }: Run,
  step: Step & { readonly kind: "slices" },
  slices: Slices,
  query: SqlQuery,
): Promise<boolean> {
  const from = slices.version === step.version ? slices.page : 0;
  const to = from + PAGES_PER_SLICE;
  await query(step.sql, [`(${from},0)`, `(${to},0)`]);
  const [row] = await query(
    "select (pg_relation_size($1::regclass) > $2::bigint * current_setting('block_size')::bigint)::text as more",
    [`${quoted}.${step.table}`, to],
  );
  const more = row?.["more"];
  if (more !== "true" && more !== "false")
    throw new Error(
      `the check for more pages of ${step.table} returned ${String(more)}; expected true or false`,
    );
  Object.assign(slices, { version: step.version, page: to });
  return more === "false";
}
