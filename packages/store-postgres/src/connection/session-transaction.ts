import type { Session } from "./connections.js";

/**
 * Does `work` in a transaction of the session, whatever the pool's sessions default to: one that may write, and sees
 * what others commit meanwhile. Where `work` fails it is undone.
 */
export async function inSessionTransaction<T>(
  { ask }: Pick<Session, "ask">,
  settings: string,
  work: () => Promise<T>,
): Promise<T> {
  await ask({ text: `begin isolation level read committed read write; ${settings}` });
  try {
    const result = await work();
    await ask({ text: "commit" });
    return result;
  } catch (error) {
    // where this fails, too, that is what is thrown: the connection is in doubt
    await ask({ text: "rollback" });
    throw error;
  }
}
