import { cpus, loadavg, totalmem } from "node:os";
import type { Client } from "pg";

/** Settings without which commits are not durable. */
const DURABILITY = ["fsync", "synchronous_commit", "full_page_writes"];
const SHOWN = [...DURABILITY, "wal_level", "shared_buffers", "max_wal_size"];

/** Describes the machine in one line. */
export function machine(): string {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = (loadavg()[0] as number).toFixed(1);
  return `${cores.length} cores (${model}) for the load generator and Postgres together, ${memory} GiB, ${process.platform}; load average ${load} at the start (near 0 if nothing else runs)`;
}

/**
 * Describes in one line the versions of Node and Postgres, and the settings of Postgres.
 * @throws Error if commits are not durable
 */
export async function versions(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string; value: string }>(
    "select name, current_setting(name) as value from pg_settings where name = any($1::text[])",
    [[...SHOWN, "server_version"]],
  );
  const settings = new Map(rows.map(({ name, value }) => [name, value]));
  for (const name of DURABILITY) {
    if (settings.get(name) !== "on")
      throw new Error(`${name} is ${settings.get(name)}, so commits are not durable`);
  }
  const shown = SHOWN.map((name) => `${name} ${settings.get(name)}`).join(", ");
  return `Node ${process.versions.node}, Postgres ${settings.get("server_version")} with default settings: ${shown}`;
}
