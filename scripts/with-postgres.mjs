import { register } from "tsx/esm/api";

/** Calls `work` with the URL of a new Postgres, and stops this Postgres when the call ends. */
export async function withPostgres(work) {
  const unregister = register();
  const { startLocalPostgres } = await import("@evt/local-postgres");
  const server = await startLocalPostgres({ onNotice: (line) => console.error(line) });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
    await unregister();
  }
}
