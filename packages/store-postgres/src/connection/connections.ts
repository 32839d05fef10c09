import { EvtError, type StoreCall } from "@evt/core/store";
import { cancelAbandoned, DEFAULT_GRACE, type Grace } from "./cancel-abandoned.js";
import { handleNewClientErrors } from "./new-clients.js";
import { asText, type PgClient, type PgPool, type PgQuery, type PgResult } from "./pg-pool.js";
import { PipelinedCopy, submitting } from "./pipelined-copy.js";
import { isRolledBack } from "./rolled-back.js";
import { connectError, leavesConnectionReusable, statementError } from "./sqlstate.js";
import { StandbyWatch } from "./standby.js";

/** One connection, borrowed for the duration of a call. */
export interface Session {
  /** Runs a query and returns its rows. */
  readonly query: Query;
  /** Sends a message as {@link PipelinedCopy} does. `null` if the client does not support this. */
  readonly copy: ((message: Uint8Array) => Promise<void>) | null;
}

/** Runs a query and returns its rows. Every value is a string, or `null` for an SQL null. */
export type Query = (query: PgQuery) => Promise<PgResult["rows"]>;

/** A check of the database that must pass before any work begins. */
export interface Gate {
  /** True if the check has passed, so that `check` need not be called. */
  readonly isOpen: boolean;
  /** Opens the gate or throws. */
  check(query: Query): Promise<void>;
  /** Closes the gate if this error suggests that the check would now fail. */
  noteFailure(error: unknown): void;
}

/**
 * Borrows one connection from the pool for each call. Closes a connection whose state is unknown, instead of
 * returning it to the pool.
 */
export class Connections {
  readonly #pool: PgPool;
  readonly #gate: Gate | undefined;
  readonly #grace: Grace;
  readonly #abandoned = new Set<Promise<void>>();
  // If the server ends an idle connection, the pool emits `error`. Without a listener, the event would end the
  // process. The pool has already dropped the connection, so there is nothing else to do.
  readonly #onPoolError = () => undefined;
  readonly #stopListening: () => void;

  /** If `gate` is not open, {@link run} checks it before `work`. */
  constructor(pool: PgPool, gate?: Gate, grace: Grace = DEFAULT_GRACE) {
    this.#pool = pool;
    this.#gate = gate;
    this.#grace = grace;
    this.#stopListening = handleNewClientErrors(pool);
    pool.on("error", this.#onPoolError);
  }

  /**
   * Runs `work` on one connection. Rejects immediately when the call's signal fires. The connection then remains
   * borrowed until Postgres has stopped the statement, or until the connection is closed.
   * @throws EvtError with a code that a store may throw, or the error that `work` throws
   */
  async run<T>({ signal }: StoreCall, work: (session: Session) => Promise<T>): Promise<T> {
    const loan = new Loan(await this.#borrow(signal));
    try {
      const result = await untilAborted(signal, loan.during(this.#checked(sessionOf(loan, signal), work)));
      loan.end(true);
      return result;
    } catch (error) {
      this.#gate?.noteFailure(error);
      if (loan.working === null) loan.end(leavesConnectionReusable(error));
      else this.#cancel(loan, loan.working);
      throw error;
    }
  }

  /**
   * Waits until the connection of every abandoned call is returned or closed. Then stops listening to the pool. Does
   * not end the pool.
   */
  async close(): Promise<void> {
    while (this.#abandoned.size > 0) await Promise.all(this.#abandoned);
    this.#pool.removeListener("error", this.#onPoolError);
    this.#stopListening();
  }

  #cancel(loan: Loan, working: Promise<unknown>): void {
    const { client } = loan;
    const reusable = working.then(() => true, leavesConnectionReusable);
    const cancelling = cancelAbandoned(
      { client, reusable, openStream: streamOf(this.#pool) },
      this.#grace,
    ).then((isReusable) => {
      loan.end(isReusable);
      this.#abandoned.delete(cancelling);
    });
    this.#abandoned.add(cancelling);
  }

  async #checked<T>(session: Session, work: (session: Session) => Promise<T>): Promise<T> {
    if (this.#gate !== undefined && !this.#gate.isOpen) await this.#gate.check(session.query);
    return work(session);
  }

  async #borrow(signal: AbortSignal): Promise<PgClient> {
    if (signal.aborted) throw endedError(signal);
    const connecting = connect(this.#pool);
    try {
      return await untilAborted(signal, connecting);
    } catch (error) {
      // if the connection arrives after the call has ended, it is returned unused
      connecting.then(
        (client) => client.release(),
        () => undefined,
      );
      throw error;
    }
  }
}

/** A connection that is borrowed until {@link end}. */
class Loan {
  readonly client: PgClient;
  readonly watch: StandbyWatch;
  /** The work that is still running, or `null`. */
  working: Promise<unknown> | null = null;
  #isLost = false;
  // If the connection is lost between two queries, the client emits `error`. Without a listener, this event would end
  // the process.
  readonly #onError = () => {
    this.#isLost = true;
  };

  constructor(client: PgClient) {
    this.client = client;
    client.on("error", this.#onError);
    this.watch = new StandbyWatch(client);
  }

  /** Returns `work`, and exposes it as {@link working} until it settles. */
  during<T>(work: Promise<T>): Promise<T> {
    const settle = () => {
      this.working = null;
    };
    this.working = work;
    work.then(settle, settle);
    return work;
  }

  /** Returns the connection to the pool, or closes it if it is lost or cannot be reused. */
  end(isReusable: boolean): void {
    const destroy = this.#isLost || !isReusable;
    this.watch.stop();
    this.client.release(destroy);
    // a connection that is being closed may still emit errors
    if (!destroy) this.client.removeListener("error", this.#onError);
  }
}

/**
 * Returns the pool's function that opens a stream to the server, or `undefined`. In `pg`'s pool it is the option
 * `stream`.
 */
function streamOf(pool: PgPool): unknown {
  const { options } = pool as { readonly options?: { readonly stream?: unknown } };
  return typeof options?.stream === "function" ? options.stream : undefined;
}

type Submitter = NonNullable<ReturnType<typeof submitting>>;

async function connect(pool: PgPool): Promise<PgClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw connectError(error);
  }
}

function sessionOf({ client, watch }: Loan, signal: AbortSignal): Session {
  const submitter = submitting(client);
  return {
    query: async (query) => {
      const rows = await run(client, query, signal);
      watch.check();
      return rows;
    },
    copy:
      submitter &&
      (async (message) => {
        await copy(submitter, message, signal);
        watch.check();
      }),
  };
}

async function run(client: PgClient, query: PgQuery, signal: AbortSignal): Promise<PgResult["rows"]> {
  if (signal.aborted) throw endedError(signal);
  let result: PgResult;
  try {
    result = await client.query({ ...query, types: asText });
  } catch (error) {
    throw statementError(error);
  }
  if (!isRolledBack(query, result)) return result.rows;
  throw new EvtError("EVT_STORE_CONTENDED", "postgres rolled the transaction back instead of committing it");
}

async function copy(client: Submitter, message: Uint8Array, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw endedError(signal);
  const copying = new PipelinedCopy(message);
  try {
    client.query(copying);
    await copying.done;
  } catch (error) {
    throw statementError(error);
  }
}

function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(endedError(signal));
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function endedError(signal: AbortSignal): EvtError {
  return new EvtError("EVT_STORE_UNAVAILABLE", "the call ended before postgres responded", {
    cause: signal.reason,
  });
}
