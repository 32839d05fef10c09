import { EvtError } from "@evt/core/store";
import type { Query } from "./connections.js";

/**
 * Resolves if the server is writable and this role can read the table `claim`.
 * @throws EvtError `EVT_STORE_UNAVAILABLE` if the session is read-only, as it is on a standby
 */
export async function ping(schema: string, query: Query): Promise<void> {
  const text = `select current_setting('transaction_read_only') as read_only, exists (select from ${schema}.claim) as known`;
  const [row] = await query({ text });
  if (row?.["read_only"] === "off") return;
  throw new EvtError("EVT_STORE_UNAVAILABLE", "postgres is read-only; it may be a standby");
}
