import type { PgQuery, PgResult } from "./pg-pool.js";

/**
 * Returns true if Postgres rolled back instead of committing. After a failed statement, `commit` does not fail; it only
 * returns the command tag ROLLBACK.
 */
export function isRolledBack({ text }: PgQuery, { command }: PgResult): boolean {
  return text === "commit" && command === "ROLLBACK";
}
