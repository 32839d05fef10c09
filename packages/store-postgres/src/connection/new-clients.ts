import type { PgClient, PgPool } from "./pg-pool.js";

/** `pg`'s own pool, and a wrapper that passes events on. */
interface Emitter {
  on(event: "connect", listener: (client: PgClient) => void): unknown;
  removeListener(event: "connect", listener: (client: PgClient) => void): unknown;
}

/**
 * Hears the errors of each client that a pool makes, from its first moment on; answers how to stop that for those to
 * come. A pool lets go of a client before whoever borrows it can listen: where Postgres ends a connection just as it is
 * made, the word of it comes in between, and an `error` event that nobody hears ends the process.
 */
export function hearNewClients(pool: Pick<PgPool, "connect">): () => void {
  const emitter = pool as Partial<Emitter>;
  emitter.on?.("connect", hear);
  return () => void emitter.removeListener?.("connect", hear);
}

function hear(client: PgClient): void {
  client.on("error", ignore);
}

/** Whoever uses the connection hears of it as well; what is idle, the pool drops. */
function ignore(): void {}
