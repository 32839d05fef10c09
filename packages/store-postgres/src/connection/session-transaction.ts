import type { Session } from "./connections.js";

/**
 * Runs `work` in a transaction of the session. The transaction is read committed and writable, regardless of the
 * session defaults. `settings` are SQL statements that run at its start. If `work` or the commit fails, rolls back.
 */
export async function inSessionTransaction<T>(
  { query }: Pick<Session, "query">,
  settings: string,
  work: () => Promise<T>,
): Promise<T> {
  await query({ text: `begin isolation level read committed read write; ${settings}` });
  try {
    const result = await work();
    await query({ text: "commit" });
    return result;
  } catch (error) {
    // if the rollback fails, its error is thrown instead, because the connection's state is then unknown
    await query({ text: "rollback" });
    throw error;
  }
}
