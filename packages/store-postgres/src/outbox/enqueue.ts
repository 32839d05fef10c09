import type { PreparedEvent } from "@evt/core";
import type { PgClient, PgPool } from "../connection/pg-pool.js";
import { outboxText } from "./outbox-text.js";

/**
 * The application's client, in whose transaction events are enqueued: `pg`'s client, or a wrapper that forwards
 * queries.
 */
export type TransactionClient = Pick<PgClient, "query">;

/** Postgres accepts at most 65,535 values in a statement. */
const MOST_EVENTS = 10_000;
/** Postgres closes the connection if a message reaches a gigabyte, and the transaction is lost. */
const MOST_BYTES = 256 * 2 ** 20;

/**
 * Writes events in the client's transaction, with one plain insert.
 * @throws RangeError above 10,000 events or 256 MiB
 */
export async function enqueue(
  schema: string,
  client: TransactionClient,
  events: readonly PreparedEvent[],
): Promise<void> {
  if (events.length > MOST_EVENTS)
    throw new RangeError(`the call has ${events.length} events; the limit is ${MOST_EVENTS}`);
  const texts = events.map(outboxText);
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > MOST_BYTES)
    throw new RangeError(`the events of the call have ${bytes} bytes; the limit is ${MOST_BYTES}`);
  const rows = texts.map((_, i) => `($${i + 1}::text)`).join(", ");
  // not a prepared statement, so nothing is left on the application's connection
  await client.query({ text: `insert into ${schema}.outbox (event) values ${rows}`, values: texts });
}

/**
 * @throws TypeError if `client` has no `query` or is a pool. A pool may run the insert on another connection, outside
 * the transaction.
 */
export function checkClient(client: TransactionClient, pool: PgPool): void {
  const isPool = (client as unknown) === pool || "totalCount" in Object(client);
  if (isPool || typeof client?.query !== "function")
    throw new TypeError(
      `enqueue needs the client of your transaction${isPool ? ", not a pool: a pool runs a query outside your transaction" : ""}`,
    );
}
