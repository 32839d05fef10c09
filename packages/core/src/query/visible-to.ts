import type { Entry } from "../event.js";

/**
 * Whether a caller that is bound to a client may see an entry: a counted event of that client; a parked event that the
 * client vouched for; one of the client that came from a caller bound to no client. An event that was rejected because it
 * named another client than its caller's is not the named client's, also where its caller was not recorded.
 */
export function isVisibleTo(entry: Entry, clientId: string): boolean {
  if (entry.status === "processed") return entry.clientId === clientId;
  if (entry.vouchedClientId !== null) return entry.vouchedClientId === clientId;
  return entry.clientId === clientId && entry.issues.every(({ code }) => code !== "client_id_mismatch");
}
