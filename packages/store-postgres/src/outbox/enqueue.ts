import type { PreparedEvent } from "@evt/core";
import type { PgClient, PgPool } from "../connection/pg-pool.js";
import { outboxText } from "./outbox-text.js";

/** A client of the application's, in whose transaction events are enqueued: `pg`'s, or whatever passes a query on. */
export type TransactionClient = Pick<PgClient, "query">;

/** A statement takes 65,535 values. */
const MOST_EVENTS = 10_000;
/** Postgres takes no message of a gigabyte: it would close the connection, transaction and all. */
const MOST_BYTES = 256 * 2 ** 20;

/** Writes them in the client's transaction: a single statement of values that Postgres cannot refuse. */
export async function enqueue(
  schema: string,
  client: TransactionClient,
  events: readonly PreparedEvent[],
): Promise<void> {
  if (events.length > MOST_EVENTS)
    throw new RangeError(`there are ${events.length} events; the limit of one call is ${MOST_EVENTS}`);
  const texts = events.map(outboxText);
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > MOST_BYTES)
    throw new RangeError(`the events take ${bytes} bytes; the limit of one call is ${MOST_BYTES}`);
  const rows = texts.map((_, i) => `($${i + 1}::text)`).join(", ");
  // prepared under no name: on the application's connection nothing is left behind, and nothing relied on
  await client.query({ text: `insert into ${schema}.outbox (event) values ${rows}`, values: texts });
}

/** @throws TypeError where it is no client: what a pool is given runs on any connection, in nobody's transaction. */
export function checkClient(client: TransactionClient, pool: PgPool): void {
  const isPool = (client as unknown) === pool || "totalCount" in Object(client);
  if (isPool || typeof client?.query !== "function")
    throw new TypeError(
      `enqueue needs the client whose transaction it is${isPool ? ", not a pool: what a pool is given is in no transaction" : ""}`,
    );
}
