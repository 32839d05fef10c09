import type { Mapping } from "../normalize/mapping.js";
import { fromBase64, fromJson, member } from "./decode.js";

/**
 * Google Cloud Pub/Sub push: the event is JSON in Base64 in `message.data`. `messageId` does not change when Pub/Sub
 * delivers a message again, so it is the key of an event without its own key. Check the request's token before you pass
 * the event to evt.
 */
export const pubsubPush: Mapping = {
  unwrap: (raw) => [fromJson(fromBase64(member(raw, "message", "data")))],
  fields: {
    timestamp: ["timestamp", "time", "date", "message.publishTime"],
    idempotencyKey: ["idempotencyKey", "eventId", "event_id", "message.messageId"],
  },
};
