import { EvtError } from "@evt/core";
import type { Ask } from "./connections.js";

/** Resolves where the tables are there for this role and can be written: a standby can be asked, and takes nothing. */
export async function ping(schema: string, ask: Ask): Promise<void> {
  const text = `select current_setting('transaction_read_only') as read_only, exists (select from ${schema}.claim) as known`;
  const [row] = await ask({ text });
  if (row?.["read_only"] === "off") return;
  throw new EvtError("EVT_STORE_UNAVAILABLE", "postgres takes no writes: it is read-only, as a standby is");
}
