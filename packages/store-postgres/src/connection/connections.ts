import { EvtError, type StoreCall } from "@evt/core";
import { DEFAULT_GRACE, type Grace, letGo } from "./let-go.js";
import { hearNewClients } from "./new-clients.js";
import { asText, type PgClient, type PgPool, type PgQuery, type PgResult } from "./pg-pool.js";
import { PipelinedCopy, submitting } from "./pipelined-copy.js";
import { isRolledBack } from "./rolled-back.js";
import { connectError, leavesConnectionSound, statementError } from "./sqlstate.js";
import { StandbyWatch } from "./standby.js";

/** One connection, for a piece of work. */
export interface Session {
  /** The rows of a query. */
  readonly ask: Ask;
  /** Sends a message as {@link PipelinedCopy} does; `null` where the client cannot. */
  readonly copy: ((message: Uint8Array) => Promise<void>) | null;
}

export type Ask = (query: PgQuery) => Promise<PgResult["rows"]>;

/** What must be true of the database before any work begins. */
export interface Gate {
  /** Whether `check` need not be called. */
  readonly isOpen: boolean;
  /** Opens the gate, or throws. */
  check(ask: Ask): Promise<void>;
  /** Closes the gate if the error of some work suggests it. */
  noteFailure(error: unknown): void;
}

/** Borrows connections, one for a piece of work, and gives none back that is in doubt. */
export class Connections {
  readonly #pool: PgPool;
  readonly #gate: Gate | undefined;
  readonly #grace: Grace;
  readonly #givenUp = new Set<Promise<void>>();
  // An idle connection that the server ends is an `error` event on the pool; unheard it would end the process.
  // The pool has already dropped the connection by then, so nothing is left to do.
  readonly #onPoolError = () => undefined;
  readonly #hearNoMore: () => void;

  /** No work begins before the `gate` is open. */
  constructor(pool: PgPool, gate?: Gate, grace: Grace = DEFAULT_GRACE) {
    this.#pool = pool;
    this.#gate = gate;
    this.#grace = grace;
    this.#hearNoMore = hearNewClients(pool);
    pool.on("error", this.#onPoolError);
  }

  /**
   * Does `work` on one connection. When the call's signal fires, it rejects at once. The connection stays borrowed until
   * Postgres has cancelled what it was doing there.
   * @throws EvtError as the seam names it; anything else is a defect.
   */
  async run<T>({ signal }: StoreCall, work: (session: Session) => Promise<T>): Promise<T> {
    const loan = new Loan(await this.#borrow(signal));
    try {
      const result = await orEnded(signal, loan.during(this.#checked(sessionOf(loan, signal), work)));
      loan.end(true);
      return result;
    } catch (error) {
      this.#gate?.noteFailure(error);
      if (loan.working === null) loan.end(leavesConnectionSound(error));
      else this.#letGo(loan, loan.working);
      throw error;
    }
  }

  /** Lets go of the pool, which is its owner's to end, once all given-up calls have given back their connections. */
  async close(): Promise<void> {
    while (this.#givenUp.size > 0) await Promise.all(this.#givenUp);
    this.#pool.removeListener("error", this.#onPoolError);
    this.#hearNoMore();
  }

  #letGo(loan: Loan, working: Promise<unknown>): void {
    const { client } = loan;
    const sound = working.then(() => true, leavesConnectionSound);
    const letting = letGo({ client, sound, openStream: streamOf(this.#pool) }, this.#grace).then(
      (isSound) => {
        loan.end(isSound);
        this.#givenUp.delete(letting);
      },
    );
    this.#givenUp.add(letting);
  }

  async #checked<T>(session: Session, work: (session: Session) => Promise<T>): Promise<T> {
    if (this.#gate !== undefined && !this.#gate.isOpen) await this.#gate.check(session.ask);
    return work(session);
  }

  async #borrow(signal: AbortSignal): Promise<PgClient> {
    if (signal.aborted) throw ended(signal);
    const connecting = connect(this.#pool);
    try {
      return await orEnded(signal, connecting);
    } catch (error) {
      // A connection that comes too late goes back unused.
      connecting.then(
        (client) => client.release(),
        () => undefined,
      );
      throw error;
    }
  }
}

/** A connection that is borrowed, until {@link end}. */
class Loan {
  readonly client: PgClient;
  readonly watch: StandbyWatch;
  /** The work that has not settled yet. */
  working: Promise<unknown> | null = null;
  #inDoubt = false;
  // Between two queries a lost connection is an `error` event, which unheard would end the process.
  readonly #onError = () => {
    this.#inDoubt = true;
  };

  constructor(client: PgClient) {
    this.client = client;
    client.on("error", this.#onError);
    this.watch = new StandbyWatch(client);
  }

  /** Settles as `work` does, which is known as `working` until then. */
  during<T>(work: Promise<T>): Promise<T> {
    const settle = () => {
      this.working = null;
    };
    this.working = work;
    work.then(settle, settle);
    return work;
  }

  /** Gives the connection back; one that is in doubt is closed. */
  end(isSound: boolean): void {
    const destroy = this.#inDoubt || !isSound;
    this.watch.stop();
    this.client.release(destroy);
    // One that is being closed may still report its end.
    if (!destroy) this.client.removeListener("error", this.#onError);
  }
}

/** How `pg` is told to reach the server, where that is not the usual way: `pg`'s own pool shows its options. */
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
    ask: async (query) => {
      const rows = await ask(client, query, signal);
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

async function ask(client: PgClient, query: PgQuery, signal: AbortSignal): Promise<PgResult["rows"]> {
  if (signal.aborted) throw ended(signal);
  let result: PgResult;
  try {
    result = await client.query({ ...query, types: asText });
  } catch (error) {
    throw statementError(error);
  }
  if (!isRolledBack(query, result)) return result.rows;
  throw new EvtError("EVT_STORE_CONTENDED", "postgres rolled the transaction back where it was to commit");
}

async function copy(client: Submitter, message: Uint8Array, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw ended(signal);
  const copying = new PipelinedCopy(message);
  try {
    client.query(copying);
    await copying.done;
  } catch (error) {
    throw statementError(error);
  }
}

function orEnded<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(ended(signal));
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function ended(signal: AbortSignal): EvtError {
  return new EvtError("EVT_STORE_UNAVAILABLE", "the call ended before postgres answered", {
    cause: signal.reason,
  });
}
