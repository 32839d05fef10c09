/** The two events of the README. */
export const purchase = {
  source: "client_A",
  payload: { metric: "purchase", amount: "1200", timestamp: "2024/01/01" },
};
export const purchaseId = "ef29d2238525593310b4d941951f9fb6f21d440bbfe2f21e52683f13c244eb04";

export const click = { client_id: "client_B", event_type: "click", value: 500, date: "2024-01-15T10:30:00Z" };

/** An event whose amount cannot be read. */
export const broken = { source: "client_A", payload: { metric: "purchase", amount: "12abc" } };

export function keyed(idempotencyKey: string, amount: string) {
  return {
    clientId: "client_A",
    metric: "purchase",
    amount,
    timestamp: "2024-01-01T00:00:00Z",
    idempotencyKey,
  };
}
