import { isObject } from "../normalize/field-lookup.js";
import type { Mapping } from "../normalize/mapping.js";

/**
 * CloudEvents in the form that OpenMeter accepts. `subject` is the customer, and `source` and `id` together identify an
 * event. The amount is `data.value`. An event without `data.value` counts as 1.
 */
export const openMeter: Mapping = {
  unwrap: (raw) => (isObject(raw) ? [{ ...raw, key: `${raw["source"]} ${raw["id"]}` }] : undefined),
  containers: [],
  fields: {
    clientId: "subject",
    metric: "type",
    amount: "data.value",
    timestamp: "time",
    idempotencyKey: "key",
  },
  defaults: { amount: "1" },
};
