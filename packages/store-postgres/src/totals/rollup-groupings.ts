import type { RollupSpan } from "./rollup-spans.js";

/** What a rollup is kept by, as it stands in `rollup.per`: both client and metric, one of them, or neither. What it is summed over is `''`. */
export type RollupGrouping = "b" | "c" | "m" | "n";

/** Those that are sums of the ones by both. */
const SUMS = [
  { letter: "c", keys: "tenant_id, at, client_id", clientId: "client_id", metric: "''" },
  { letter: "m", keys: "tenant_id, at, metric", clientId: "''", metric: "metric" },
  { letter: "n", keys: "tenant_id, at", clientId: "''", metric: "''" },
];

/** Which rollups to read for a question that needs these. */
export function groupingFor(byClientId: boolean, byMetric: boolean): RollupGrouping {
  if (byClientId) return byMetric ? "b" : "c";
  return byMetric ? "m" : "n";
}

export const ROLLUP_COLUMNS = "tenant_id, per, span, at, client_id, metric, count, sum, min, max";

/** The rollups of a span that are sums, from rows of that span by client and metric: {@link ROLLUP_COLUMNS}. */
export function sumsOver(span: RollupSpan["letter"], rows: string): string {
  return SUMS.map(
    ({ letter, keys, clientId, metric }) => `
  select tenant_id, '${letter}'::"char" as per, '${span}'::"char" as span, at, ${clientId} as client_id, ${metric} as metric,
         sum(count) as count, sum(sum) as sum, min(min) as min, max(max) as max
    from ${rows} group by ${keys}`,
  ).join(`
   union all`);
}
