import type { PgQuery, PgResult } from "./pg-pool.js";

/**
 * Returns true if Postgres rolled back instead of committing. `commit` of a failed transaction is no error: its
 * command tag is ROLLBACK.
 */
export function isRolledBack({ text }: PgQuery, { command }: PgResult): boolean {
  return text === "commit" && command === "ROLLBACK";
}
