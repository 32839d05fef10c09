import type { Mapping } from "../normalize/mapping.js";

/**
 * Azure Event Grid, in its own schema: an array of events, whose producer is the topic. An event without `data.amount` counts
 * as 1. Respond to the validation of a subscription before.
 */
export const eventGrid: Mapping = {
  unwrap: false,
  containers: [],
  fields: {
    clientId: ["topic", "subject"],
    metric: "eventType",
    amount: "data.amount",
    timestamp: "eventTime",
    idempotencyKey: "id",
  },
  defaults: { amount: "1" },
};
