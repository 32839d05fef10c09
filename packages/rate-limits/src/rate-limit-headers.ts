import type { Budget } from "./budget.js";

/**
 * Returns the headers `RateLimit-Policy` and `RateLimit` of budgets (draft-ietf-httpapi-ratelimit-headers-11). The draft does not
 * define the quota unit `events`.
 */
export function rateLimitHeaders(budgets: readonly Budget[]): Readonly<Record<string, string>> {
  return {
    "RateLimit-Policy": budgets.map(({ policy }) => policyItem(policy)).join(", "),
    RateLimit: budgets
      .map(({ policy, left, seconds }) => `"${policy.name}";r=${left};t=${seconds}`)
      .join(", "),
  };
}

function policyItem({ name, unit, quota, seconds }: Budget["policy"]): string {
  return `"${name}";q=${quota}${unit === "events" ? ';qu="events"' : ""};w=${seconds}`;
}
