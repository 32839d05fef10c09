import type { Mapping } from "../normalize/mapping.js";

/**
 * Shopify's webhook `orders/create`: an order with its line items is one event, and the order's id is the key. The total
 * is in the shop's currency, which is the unit. The body does not name the shop, so bind the caller to a client. Check
 * `X-Shopify-Hmac-Sha256` before you pass the event to evt.
 */
export const shopify: Mapping = {
  unwrap: false,
  containers: [],
  fields: {
    clientId: [],
    metric: [],
    amount: "total_price",
    unit: "currency",
    timestamp: "created_at",
    idempotencyKey: ["admin_graphql_api_id", "id"],
  },
  defaults: { clientId: "shopify", metric: "order" },
};
