import { createEvt } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";

/** Counts in memory, so that the examples need no database. */
export const evt = createEvt({ store: new MemoryStore() });

const tenants = new Map([["Bearer s3cret", { tenantId: "acme" }]]);

/** Returns the caller of an `Authorization` header. Without a caller, the response is a 401. */
export function callerOf(authorization: string | null | undefined) {
  return tenants.get(authorization ?? "");
}
