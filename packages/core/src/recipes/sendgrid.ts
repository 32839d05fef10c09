import type { Mapping } from "../normalize/mapping.js";

/**
 * SendGrid's event webhook: an array of events. Each event counts as 1. Custom arguments are also members of the event,
 * so the mapping reads only members that SendGrid sets. Use a separate tenant for each account.
 */
export const sendgrid: Mapping = {
  unwrap: false,
  containers: [],
  fields: {
    clientId: [],
    metric: "event",
    amount: [],
    timestamp: "timestamp",
    idempotencyKey: "sg_event_id",
  },
  defaults: { clientId: "sendgrid", amount: "1" },
};
