import type { Mapping } from "../normalize/mapping.js";

/**
 * Segment's `POST /v1/batch`: an envelope of `track`, `identify` and other calls. Each call counts as 1, under the name of its
 * event or, if it has none, its type. `messageId` is the key: Segment's libraries send it again on a retry.
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
