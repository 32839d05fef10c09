import type { Evt, PrepareOptions } from "@evt/core";
import type { PgPool } from "../connection/pg-pool.js";
import type { Timers } from "../connection/time-limit.js";
import type { TransactionClient } from "./enqueue.js";
import type { Drained } from "./relay.js";

/** Events that are counted if and only if the application's own transactions commit. Made by `createOutbox`. */
export interface Outbox {
  /**
   * Enqueues events in the client's transaction: they are counted by a later `drain` if it commits, and never were there
   * if it does not. They are checked and identified here, and received now; writing them is one plain insert, for which
   * nobody waits. Answers the id of each event, by which `get` finds it once it is counted.
   *
   * Events with neither key nor timestamp count each: nobody sends a transaction again.
   * @throws EvtError `EVT_INVALID_EVENT` where an event would be rejected: nothing was written, and the transaction is
   * as it was; RangeError beyond 10,000 events or 256 MiB, likewise; whatever `pg` throws, as it is
   */
  enqueue(
    client: TransactionClient,
    tenantId: string,
    events: readonly unknown[],
    options?: PrepareOptions,
  ): Promise<readonly string[]>;

  /**
   * Counts what had committed when it began, each event exactly once, from any number of processes. Calls of one outbox
   * take turns. Takes one connection of its pool, besides those evt needs.
   * @throws EvtError where events could not be dealt with, or the database could not be asked; they stay, and are counted
   * by a later drain. `EVT_ABORTED` where the signal fired
   */
  drain(options?: DrainOptions): Promise<Drained>;

  /**
   * Drains now and `ms` milliseconds after each drain has ended, until the function it answers is called; that resolves
   * when what is under way has ended. Call it before evt is closed.
   */
  drainEvery(ms: number, options: DrainEveryOptions): () => Promise<void>;
}

export interface DrainOptions {
  /** Ends the waiting. What was counted by then is counted; what was not will be. */
  readonly signal?: AbortSignal;
  /** How many events are looked at, at most; the next drain goes on after them. Default: all. */
  readonly limit?: number;
}

export interface DrainEveryOptions {
  /** Told why a drain threw; the next one tries again. What it throws is ignored. */
  readonly onError: (error: unknown) => void;
  /** Told of each drain that found something. What it throws is ignored. */
  readonly onDrained?: (drained: Drained) => void;
}

export interface OutboxOptions {
  /** Over a `PostgresStore`, mostly; over any store, in fact. Its rules are those events are held to. */
  readonly evt: Evt;
  /** Of the database in whose transactions events are enqueued. It stays the application's. */
  readonly pool: PgPool;
  /** Where `migrate` made the tables. @defaultValue "evt" */
  readonly schema?: string;
  /** The time of one batch, counting included, in milliseconds: more than evt's own `timeoutMs`. @defaultValue 60_000 */
  readonly timeoutMs?: number;
  /** Time; for tests. */
  readonly runtime?: Timers;
}
