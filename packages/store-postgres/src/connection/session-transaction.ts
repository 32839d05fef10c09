import type { Session } from "./connections.js";

/**
 * Runs `work` in a transaction of the session, regardless of the session defaults: read committed and writable. Rolls
 * back if `work` fails.
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
    // if the rollback fails too, its error is thrown, because the connection's state is then unknown
    await query({ text: "rollback" });
    throw error;
  }
}
