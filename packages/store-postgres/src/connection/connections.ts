import { EvtError, type StoreCall } from "@evt/core";
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

/** Borrows connections, one for a piece of work, and gives none back that is in doubt. */
export class Connections {
  readonly #pool: PgPool;
  // An idle connection that the server ends is an `error` event on the pool; unheard it would end the process.
  // The pool has already dropped the connection by then, so nothing is left to do.
  readonly #onPoolError = () => undefined;
  readonly #hearNoMore: () => void;

  constructor(pool: PgPool) {
    this.#pool = pool;
    this.#hearNoMore = hearNewClients(pool);
    pool.on("error", this.#onPoolError);
  }

  /**
   * Does `work` on one connection. When the call's signal fires, the answer is no longer awaited and the connection is
   * closed: what Postgres is still doing there nobody knows.
   * @throws EvtError as the seam names it; anything else is a defect.
   */
  async run<T>({ signal }: StoreCall, work: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.#borrow(signal);
    let inDoubt = false;
    // Between two queries a lost connection is an `error` event, which unheard would end the process.
    const onError = () => {
      inDoubt = true;
    };
    client.on("error", onError);
    const watch = new StandbyWatch(client);
    try {
      return await orEnded(signal, work(sessionOf(client, signal, watch)));
    } catch (error) {
      if (!leavesConnectionSound(error)) inDoubt = true;
      throw error;
    } finally {
      watch.stop();
      client.release(inDoubt);
      // One that is being closed may still report its end.
      if (!inDoubt) client.removeListener("error", onError);
    }
  }

  /** Lets go of the pool, which is its owner's to end. */
  close(): void {
    this.#pool.removeListener("error", this.#onPoolError);
    this.#hearNoMore();
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

type Submitter = NonNullable<ReturnType<typeof submitting>>;

async function connect(pool: PgPool): Promise<PgClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw connectError(error);
  }
}

function sessionOf(client: PgClient, signal: AbortSignal, watch: StandbyWatch): Session {
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
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function ended(signal: AbortSignal): EvtError {
  return new EvtError("EVT_STORE_UNAVAILABLE", "the call ended before postgres answered", {
    cause: signal.reason,
  });
}
