import type { ParkedStatus } from "@evt/core";
import type { SqlQuery } from "@evt/store-postgres/internal";
import type { Endpoint } from "./endpoint.js";
import { type DigestData, type EventData, readDigest, readEvent } from "./message-data.js";

const TYPES = {
  rejected: "event.rejected",
  conflict: "event.conflicted",
  failed: "event.failed",
} as const satisfies Record<ParkedStatus, string>;

/** Returns the JSON body of a message. Returns `null` if all its events were resolved or deleted. */
export async function messageBody(
  schema: string,
  endpoint: Endpoint,
  messageId: string,
  query: SqlQuery,
): Promise<string | null> {
  if (endpoint.digest !== undefined) {
    const digest = await readDigest(schema, messageId, query);
    return digest && JSON.stringify(digestMessage(digest));
  }
  const event = await readEvent(schema, endpoint, messageId, query);
  return event && JSON.stringify(eventMessage(event));
}

function eventMessage({ at, ...event }: EventData) {
  return { type: TYPES[event.status], timestamp: at, data: event };
}

function digestMessage(digest: DigestData) {
  return { type: "events.parked.digest", timestamp: digest.to, data: digest };
}
