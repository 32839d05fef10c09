import { inTime } from "@evt/core/adapter";
import type { PgClient, PgPool } from "../connection/pg-pool.js";
import { onConnection, type SqlQuery } from "../connection/transaction.js";
import type { Step } from "./index.js";

const CONNECT_TIMEOUT_MS = 30_000;

/**
 * Builds a step's index, unless a valid index of that name exists. If the index is missing and the table is empty,
 * creates it in the transaction of `query`.
 *
 * Otherwise builds the index concurrently, which does not block writers. First drops the invalid index that an
 * interrupted build left. `create index concurrently` cannot run in a transaction, so the build uses a second
 * connection of the pool. Meanwhile, the open transaction of `query` blocks other migrations.
 */
export async function buildIndex(
  { pool, quoted }: { readonly pool: Pick<PgPool, "connect">; readonly quoted: string },
  step: Step & { readonly kind: "index" },
  query: SqlQuery,
): Promise<void> {
  const index = `${quoted}.${step.index}`;
  const validity = await validityOf(index, query);
  if (validity === "valid") return;
  if (validity === "missing" && (await isEmpty(`${quoted}.${step.table}`, query)))
    return void (await query(step.sql.replace(" concurrently ", " ")));
  // A query with values keeps its snapshot until the next query, and the build would wait for that snapshot.
  await query("select");
  await onConnection({ connect: () => secondConnection(pool) }, async (outside) => {
    await outside("set statement_timeout = 0");
    await outside("set lock_timeout = 0");
    if (validity === "invalid") await outside(`drop index concurrently ${index}`);
    await outside(step.sql);
    await outside("reset statement_timeout");
    await outside("reset lock_timeout");
  });
}

async function validityOf(index: string, query: SqlQuery): Promise<"valid" | "invalid" | "missing"> {
  const [row] = await query(
    "select indisvalid::text as valid from pg_index where indexrelid = to_regclass($1::text)",
    [index],
  );
  if (row === undefined) return "missing";
  return row["valid"] === "true" ? "valid" : "invalid";
}

async function isEmpty(table: string, query: SqlQuery): Promise<boolean> {
  const [row] = await query("select (pg_relation_size($1::regclass) = 0)::text as empty", [table]);
  return row?.["empty"] === "true";
}

async function secondConnection(pool: Pick<PgPool, "connect">): Promise<PgClient> {
  const connecting = pool.connect();
  try {
    return await inTime(() => connecting, CONNECT_TIMEOUT_MS, noSecondConnection);
  } catch (error) {
    connecting.then(
      (client) => client.release(),
      () => undefined,
    );
    throw error;
  }
}

function noSecondConnection(): Error {
  return new Error(
    `the pool did not lend a second connection within ${CONNECT_TIMEOUT_MS} ms; migrate needs two to build an index`,
  );
}
