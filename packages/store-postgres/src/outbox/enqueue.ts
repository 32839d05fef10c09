import type { PreparedEvent } from "@evt/core";
import type { PgClient, PgPool } from "../connection/pg-pool.js";
import { unprepared } from "../connection/statement.js";
import { outboxText } from "./outbox-text.js";

/** A client of the application's, in whose transaction events are enqueued: `pg`'s, or whatever passes a query on. */
export type TransactionClient = Pick<PgClient, "query">;

/** Postgres takes no value of a gigabyte, and would close the connection, transaction and all. */
const MOST_BYTES = 256 * 2 ** 20;

/** Writes them in the client's transaction: a single statement of values that Postgres cannot refuse. */
export async function enqueue(
  schema: string,
  client: TransactionClient,
  events: readonly PreparedEvent[],
): Promise<void> {
  const texts = JSON.stringify(events.map(outboxText));
  const bytes = Buffer.byteLength(texts);
  if (bytes > MOST_BYTES)
    throw new RangeError(`the events take ${bytes} bytes; the limit of one call is ${MOST_BYTES}`);
  const statement = unprepared(
    `insert into ${schema}.outbox (event) select json_array_elements_text($1::json)`,
  );
  await client.query(statement.with(texts));
}

/** @throws TypeError where it is no client: what a pool is given runs on any connection, in nobody's transaction. */
export function checkClient(client: TransactionClient, pool: PgPool): void {
  const isPool = (client as unknown) === pool || "totalCount" in Object(client);
  if (isPool || typeof client?.query !== "function")
    throw new TypeError(
      `enqueue needs the client whose transaction it is${isPool ? ", not a pool: what a pool is given is in no transaction" : ""}`,
    );
}
