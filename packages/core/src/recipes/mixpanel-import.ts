import type { Mapping } from "../normalize/mapping.js";

/**
 * Mixpanel's `POST /import`: an array of events. `$insert_id` is the key. The amount is `properties.amount`, or 1 if that
 * is absent. The timestamp is in seconds or milliseconds.
 */
export const mixpanelImport: Mapping = {
  unwrap: false,
  containers: [],
  fields: {
    clientId: "properties.distinct_id",
    metric: "event",
    amount: "properties.amount",
    timestamp: "properties.time",
    idempotencyKey: "properties.$insert_id",
  },
  defaults: { amount: "1" },
};
