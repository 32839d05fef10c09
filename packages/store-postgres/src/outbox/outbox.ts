import type { Evt, PrepareOptions } from "@evt/core";
import type { PgPool } from "../connection/pg-pool.js";
import type { Timers } from "../time/timers.js";
import type { TransactionClient } from "./enqueue.js";
import type { Relayed } from "./relay.js";

/**
 * Adds events to the transactions of the application. The events are counted only if their transaction commits.
 * Created by `createOutbox`.
 */
export interface Outbox {
  /**
   * Enqueues events in the client's transaction. If the transaction commits, a later `relay` counts the events. If the
   * transaction rolls back, nothing is stored. `enqueue` checks and identifies the events, and sets their `receivedAt`.
   * It writes them with one plain insert that does not block other writers. Returns the ID of each event. After an event
   * is counted, `get` finds it by this ID.
   *
   * Events with neither key nor timestamp are counted separately, even if they are equal, because a transaction is not
   * sent twice.
   * @throws EvtError `EVT_INVALID_EVENT` if an event would be rejected. Nothing is written, and the transaction can
   * continue.
   * @throws RangeError above 10,000 events or 256 MiB. Nothing is written.
   * @throws any error that `pg` throws
   * @example
   * ```ts
   * const [id] = await outbox.enqueue(client, "acme", [{ client: "shop", metric: "order", amount: "12.50", eventId:
   * "order-17" }]);
   * ```
   */
  enqueue(
    client: TransactionClient,
    tenantId: string,
    events: readonly unknown[],
    options?: PrepareOptions,
  ): Promise<readonly string[]>;

  /**
   * Counts events that were committed before this call, each exactly once, and removes their rows from the outbox.
   * Skips rows that another relay has locked. Any number of processes may call `relay`. Calls on one outbox run one after
   * the other. A call uses one connection of the outbox's pool, in addition to evt's connections.
   * @throws EvtError if events failed or the database was not available. Events without a final outcome remain in the
   * outbox, and a later call tries again.
   * @throws EvtError `EVT_ABORTED` if the signal fired
   * @example
   * ```ts
   * const { counted, duplicates, conflicts, rejected, unreadable } = await outbox.relay();
   * ```
   */
  relay(options?: RelayOptions): Promise<Relayed>;

  /**
   * Relays now, and again `ms` milliseconds after each relay has ended. Returns a function that stops the repetition.
   * The function's promise resolves when the current relay has ended. Call the function before you close evt.
   * @throws TypeError if an option is unknown or invalid
   * @example
   * ```ts
   * const stop = outbox.relayEvery(1_000, { onError: console.error });
   * process.once("SIGTERM", () => stop().then(() => evt.close()));
   * ```
   */
  relayEvery(ms: number, options: RelayEveryOptions): () => Promise<void>;
}

/** Options of {@link Outbox.relay}. */
export interface RelayOptions {
  /** Aborts the call. Events that are already counted remain counted. A later call counts the remaining events. */
  readonly signal?: AbortSignal | undefined;
  /** Maximum number of events to take. The next call continues after them. Default: all. */
  readonly limit?: number | undefined;
}

/** Options of {@link Outbox.relayEvery}. */
export interface RelayEveryOptions {
  /** Called with a failed relay's error. The next relay tries again. Errors of the listener are ignored. */
  readonly onError: (error: unknown) => void;
  /** Called with the result of each relay that found events. Errors of the listener are ignored. */
  readonly onRelayed?: ((relayed: Relayed) => void) | undefined;
}

/** Options of `createOutbox`. */
export interface OutboxOptions {
  /** The evt that checks, identifies and counts the events. It usually has a `PostgresStore`, but any store works. */
  readonly evt: Evt;
  /** A pool for the database in which events are enqueued. The application ends the pool. */
  readonly pool: PgPool;
  /** The schema in which `migrate` created the tables. @defaultValue "evt" */
  readonly schema?: string | undefined;
  /**
   * The time limit of one batch, including counting, in milliseconds. Set it higher than evt's own `timeoutMs`.
   * @defaultValue 60_000
   */
  readonly timeoutMs?: number | undefined;
  /** The timers, for tests. Default: the host's timers. */
  readonly runtime?: Timers | undefined;
}
