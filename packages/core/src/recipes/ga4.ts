import type { Mapping } from "../normalize/mapping.js";
import { arrayIn, inCurrency, member } from "./decode.js";

/**
 * The Measurement Protocol of Google Analytics 4 (`POST /mp/collect`): an envelope with the events of one client.
 * `params.value` is the amount, and its currency is the unit. An event without a value counts as 1 and has no unit. Events
 * have no key. If events have the same timestamp, their `params` distinguish them.
 */
export const ga4: Mapping = {
  unwrap: (raw) =>
    arrayIn(raw, "events").map((event) => inCurrency(event, member(event, "params", "currency"))),
  containers: [],
  fields: {
    clientId: ["client_id", "app_instance_id", "user_id"],
    metric: "name",
    amount: "params.value",
    unit: "unit",
    timestamp: "timestamp_micros",
  },
  defaults: { amount: "1" },
  identity: { fields: ["params"] },
};
