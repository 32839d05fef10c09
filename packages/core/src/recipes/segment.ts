import type { Mapping } from "../normalize/mapping.js";

/**
 * Segment's `POST /v1/batch`: an envelope with `track`, `identify` and other calls. Each call counts as 1. The metric is
 * the call's event, else its name, else its type. `messageId` is the key, because Segment's libraries send the same
 * `messageId` on a retry.
 */
export const segment: Mapping = {
  unwrap: "batch",
  containers: ["properties"],
  fields: {
    clientId: ["userId", "anonymousId"],
    metric: ["event", "name", "type"],
    amount: [],
    timestamp: ["timestamp", "originalTimestamp", "sentAt"],
    idempotencyKey: "messageId",
  },
  defaults: { amount: "1" },
};
