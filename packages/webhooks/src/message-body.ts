import type { Query } from "@evt/store-postgres/internal";
import type { Endpoint, ParkedStatus } from "./endpoint.js";
import { type ToldDigest, type ToldEvent, toldDigest, toldEvent } from "./message-data.js";

const TYPES = {
  rejected: "event.rejected",
  conflict: "event.conflicted",
  failed: "event.failed",
} as const satisfies Record<ParkedStatus, string>;

/** The text of a message, to be signed and sent; `null` where nothing is left to tell of. */
export async function messageBody(
  schema: string,
  endpoint: Endpoint,
  messageId: string,
  query: Query,
): Promise<string | null> {
  if (endpoint.digest !== undefined) {
    const digest = await toldDigest(schema, messageId, query);
    return digest && JSON.stringify(digestMessage(digest));
  }
  const event = await toldEvent(schema, endpoint, messageId, query);
  return event && JSON.stringify(eventMessage(event));
}

function eventMessage({ at, ...event }: ToldEvent) {
  return { type: TYPES[event.status], timestamp: at, data: event };
}

function digestMessage(digest: ToldDigest) {
  return { type: "events.parked.digest", timestamp: digest.to, data: digest };
}
