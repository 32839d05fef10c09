import type { Mapping } from "../normalize/mapping.js";
import { fromBase64, fromJson, member } from "./decode.js";

/**
 * Google Cloud Pub/Sub push: the event is JSON in Base64 in `message.data`. `messageId` stays the same when Pub/Sub delivers a
 * message again, so it is the key of an event without one. Check the token of the request before.
 */
export const pubsubPush: Mapping = {
  unwrap: (raw) => [fromJson(fromBase64(member(raw, "message", "data")))],
  fields: {
    timestamp: ["timestamp", "time", "date", "message.publishTime"],
    idempotencyKey: ["idempotencyKey", "eventId", "event_id", "message.messageId"],
  },
};
