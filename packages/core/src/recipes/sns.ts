import type { Mapping } from "../normalize/mapping.js";
import { fromJson, member } from "./decode.js";

/**
 * Amazon SNS over HTTP: the event is JSON in `Message`. `MessageId` does not change when SNS delivers a message again, so
 * it is the key of an event without its own key. Confirm the subscription, and check the signature before you pass the
 * event to evt.
 */
export const sns: Mapping = {
  unwrap: (raw) => {
    const type = member(raw, "Type");
    if (type === "Notification") return [fromJson(member(raw, "Message"))];
    throw new Error(`the SNS message is not a Notification; its Type is ${JSON.stringify(type)}`);
  },
  fields: {
    timestamp: ["timestamp", "time", "date", "Timestamp"],
    idempotencyKey: ["idempotencyKey", "eventId", "event_id", "MessageId"],
  },
};
