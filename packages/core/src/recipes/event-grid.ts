import type { Mapping } from "../normalize/mapping.js";

/**
 * Azure Event Grid, in the Event Grid schema: an array of events. The client is the topic, else the subject. An event
 * without `data.amount` counts as 1. Respond to the subscription's validation request yourself.
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
