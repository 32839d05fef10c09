import { setTimeout as sleep } from "node:timers/promises";
import type { SqlQuery } from "../connection/transaction.js";
import { lockHolders } from "./lock-holders.js";

/** The time limits of a migration that waits for locks. */
export interface LockLimits {
  /** Maximum time that one attempt waits for a lock, in milliseconds. Other sessions may have to wait for as long. */
  readonly lockTimeoutMs: number;
  /** Maximum time to retry a step before `migrate` throws, in milliseconds. */
  readonly timeoutMs: number;
}

/** Maximum pause between two attempts, in milliseconds. If `lockTimeoutMs` is longer, `lockTimeoutMs` is the maximum. */
const MAX_PAUSE_MS = 30_000;

/**
 * Runs `work` in a savepoint of the open transaction. If `work` does not get a lock within `lockTimeoutMs`, or is in
 * a deadlock, rolls back to the savepoint. This releases the locks that `work` took, so other sessions can continue.
 * Then pauses and tries again. The pauses grow and are partly random.
 * @throws Error if the next attempt would begin after `timeoutMs`. The message lists sessions that hold locks in the
 * schema.
 */
export async function retryingLocks<T>(
  quoted: string,
  what: string,
  { lockTimeoutMs, timeoutMs }: LockLimits,
  query: SqlQuery,
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  for (
    let pauseMs = lockTimeoutMs;
    ;
    pauseMs = Math.min(pauseMs * 2, Math.max(MAX_PAUSE_MS, lockTimeoutMs))
  ) {
    await query(`savepoint attempt; set local lock_timeout = ${lockTimeoutMs}`);
    try {
      const result = await work();
      await query("release savepoint attempt");
      return result;
    } catch (error) {
      if (!isLockFailure(error)) throw error;
      await query("rollback to savepoint attempt");
      const waitedMs = Math.round(performance.now() - startedAt);
      if (waitedMs + pauseMs > timeoutMs) {
        const holders = await lockHolders(quoted, query);
        throw new Error(`${what} did not get a lock within ${waitedMs} ms; ${holders}`, {
          cause: error,
        });
      }
      await sleep(pauseMs * (0.5 + Math.random() / 2));
    }
  }
}

/** Returns true for lock_not_available, and for a deadlock that Postgres resolved by failing this statement. */
function isLockFailure(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === "55P03" || code === "40P01";
}
