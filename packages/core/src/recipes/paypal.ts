import type { Mapping } from "../normalize/mapping.js";
import { inCurrency, member } from "./decode.js";

/**
 * PayPal's webhooks of API versions 1 and 2. The currency is the unit. A resource without an amount counts as 1 and has no
 * unit. Verify the webhook's signature before you pass the event to evt.
 */
export const paypal: Mapping = {
  unwrap: (raw) => {
    const amount = member(raw, "resource", "amount");
    const currency = member(amount, "currency_code") ?? member(amount, "currency");
    return [inCurrency(raw, currency)];
  },
  containers: [],
  fields: {
    clientId: "resource.payee.merchant_id",
    metric: "event_type",
    amount: ["resource.amount.value", "resource.amount.total"],
    unit: "unit",
    timestamp: "create_time",
    idempotencyKey: "id",
  },
  defaults: { clientId: "paypal", amount: "1" },
};
