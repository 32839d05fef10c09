import type { Mapping } from "../normalize/mapping.js";
import { inCurrency, member } from "./decode.js";

/**
 * Stripe's webhooks. The amount is the object's amount, in the smallest unit of its currency. The currency is the unit:
 * 2599 `EUR` are 25.99 euros. An object without an amount counts as 1 and has no unit. Check `Stripe-Signature` before you
 * pass the event to evt.
 */
export const stripe: Mapping = {
  unwrap: (raw) => [inCurrency(raw, member(raw, "data", "object", "currency"))],
  containers: [],
  fields: {
    clientId: "account",
    metric: "type",
    amount: ["data.object.amount", "data.object.amount_total", "data.object.amount_paid"],
    unit: "unit",
    timestamp: "created",
    idempotencyKey: "id",
  },
  defaults: { clientId: "stripe", amount: "1" },
};
