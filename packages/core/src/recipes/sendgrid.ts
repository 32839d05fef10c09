import type { Mapping } from "../normalize/mapping.js";

/**
 * SendGrid's event webhook: an array of events. Each counts as 1. Custom arguments are members of the event, so only the
 * members of SendGrid are read. Put events of several accounts under tenants of their own.
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
