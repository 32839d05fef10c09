import type { PgQuery, PgResult } from "./pg-pool.js";

/** Whether nothing is stored after all: the COMMIT of an aborted transaction is answered ROLLBACK, and is no error. */
export function isRolledBack({ text }: PgQuery, { command }: PgResult): boolean {
  return text === "commit" && command === "ROLLBACK";
}
