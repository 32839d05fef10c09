import type { ApiRow } from "../checker/check.js";
import type { Target } from "../history/send.js";

/** Reads the totals by client and metric from the API. */
export async function apiTotals({ url, tenantId }: Target): Promise<readonly ApiRow[]> {
  const headers = { "X-Tenant": tenantId };
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(`${url}/api/aggregation?groupBy=both`, { headers });
    if (response.ok) return ((await response.json()) as { readonly rows: readonly ApiRow[] }).rows;
    await response.body?.cancel();
    // the pool may still have connections that the fault has broken
    if (attempt === 20) throw new Error(`the request for totals got ${response.status}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
