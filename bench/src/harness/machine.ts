import { cpus, loadavg, totalmem } from "node:os";
import type { Client } from "pg";

/** Whoever quotes a figure without these durably stores nothing. */
const DURABILITY = ["fsync", "synchronous_commit", "full_page_writes"];
const TOLD = [...DURABILITY, "wal_level", "shared_buffers", "max_wal_size"];

/** What it ran on, in a line. */
export function machine(): string {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? "an unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = (loadavg()[0] as number).toFixed(1);
  return `${cores.length} cores (${model}) for the load generator and Postgres together, ${memory} GiB, ${process.platform}; load average ${load} at the start, which should be near 0`;
}

/** Node's and the server's version, and the server's settings, in a line. @throws Error where a commit would not be durable */
export async function versions(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string; value: string }>(
    "select name, current_setting(name) as value from pg_settings where name = any($1::text[])",
    [[...TOLD, "server_version"]],
  );
  const settings = new Map(rows.map(({ name, value }) => [name, value]));
  for (const name of DURABILITY) {
    if (settings.get(name) !== "on")
      throw new Error(`${name} is ${settings.get(name)}: what is measured so is not worth telling`);
  }
  const told = TOLD.map((name) => `${name} ${settings.get(name)}`).join(", ");
  return `Node ${process.versions.node}, Postgres ${settings.get("server_version")} as it ships: ${told}`;
}
