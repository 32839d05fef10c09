import { EvtError, type StoreCall } from "@evt/core";
import type { PgClient, PgPool, PgQuery, PgResult } from "./pg-pool.js";
import { storeError } from "./sqlstate.js";

/** Every value comes as Postgres prints it, whatever type parsers the host has set. */
const asText: NonNullable<PgQuery["types"]> = { getTypeParser: () => (value) => value };

export type Ask = (query: PgQuery) => Promise<PgResult["rows"]>;

/** Borrows connections, one for a piece of work, and gives none back that is in doubt. */
export class Connections {
  readonly #pool: PgPool;
  // An idle connection that the server ends is an `error` event on the pool; unheard it would end the process.
  // The pool has already dropped the connection by then, so nothing is left to do.
  readonly #onPoolError = () => undefined;

  constructor(pool: PgPool) {
    this.#pool = pool;
    pool.on("error", this.#onPoolError);
  }

  /**
   * Does `work` on one connection. When the call's signal fires, the answer is no longer awaited and the connection is
   * closed: what Postgres is still doing there nobody knows.
   * @throws EvtError as the seam names it; anything else is a defect.
   */
  async run<T>(call: StoreCall, work: (ask: Ask) => Promise<T>): Promise<T> {
    const client = await this.#borrow(call.signal);
    // Between two queries a lost connection is an `error` event, which unheard would end the process.
    let lost: Error | undefined;
    const onError = (error: Error) => {
      lost = error;
    };
    client.on("error", onError);
    let failure: unknown;
    try {
      return await orAborted(call.signal, work((query) => ask(client, query)));
    } catch (error) {
      failure = error;
      throw storeError(error);
    } finally {
      const inDoubt = lost !== undefined || (failure !== undefined && !isAnswer(failure));
      client.release(inDoubt);
      if (!inDoubt) client.removeListener("error", onError);
    }
  }

  /** Lets go of the pool, which is its owner's to end. */
  close(): void {
    this.#pool.removeListener("error", this.#onPoolError);
  }

  async #borrow(signal: AbortSignal): Promise<PgClient> {
    const connecting = this.#pool.connect();
    try {
      return await orAborted(signal, connecting);
    } catch (error) {
      connecting.then(
        (client) => client.release(),
        () => undefined,
      );
      throw storeError(error);
    }
  }
}

async function ask(client: PgClient, query: PgQuery): Promise<PgResult["rows"]> {
  const { rows } = await client.query({ ...query, types: asText });
  return rows;
}

function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new EvtError("EVT_STORE_UNAVAILABLE", "the call ended before Postgres answered", { cause: signal.reason }));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** An error that Postgres itself answered to a statement and survived: the connection is as good as before. */
function isAnswer(error: unknown): boolean {
  const { severity, code } = error as { severity?: unknown; code?: unknown };
  return severity === "ERROR" && typeof code === "string" && !/^(08|57P|25P)/.test(code);
}
