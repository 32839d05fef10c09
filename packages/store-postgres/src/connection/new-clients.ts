import type { PgClient, PgPool } from "./pg-pool.js";

/** The events of `pg`'s pool, and of a wrapper that forwards them. */
interface Emitter {
  on(event: "connect", listener: (client: PgClient) => void): unknown;
  removeListener(event: "connect", listener: (client: PgClient) => void): unknown;
}

/**
 * Adds an `error` listener to each client that the pool connects from now on, if the pool emits `connect`. Returns a
 * function that stops this. Listeners that were already added remain.
 *
 * `pg`'s pool removes its own listener before the borrower can add one. If Postgres ends the connection in between,
 * the `error` event would have no listener and would end the process.
 */
export function handleNewClientErrors(pool: Pick<PgPool, "connect">): () => void {
  const emitter = pool as Partial<Emitter>;
  emitter.on?.("connect", handleErrors);
  return () => void emitter.removeListener?.("connect", handleErrors);
}

function handleErrors(client: PgClient): void {
  client.on("error", ignore);
}

/** Ignores the error: the borrower handles it too, and the pool drops broken idle clients. */
function ignore(): void {}
