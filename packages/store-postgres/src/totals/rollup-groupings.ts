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

/** What totals come to together. */
export const TOGETHER = "sum(count) as count, sum(sum) as sum, min(min) as min, max(max) as max";

/** By client and metric, what totals by client and metric come to in each of these spans. `source`: what stands behind `from`. */
export const summedTo = ({ begin }: RollupSpan, at: string, source: string): string => `
  select tenant_id, client_id, metric, ${begin(at)} as at, ${TOGETHER}
    from ${source}
   group by 1, 2, 3, 4`;

/** All rollups of a span, from those by client and metric: {@link ROLLUP_COLUMNS}. */
export const rollupsOf = (span: RollupSpan["letter"], rows: string): string => `
  select tenant_id, 'b'::"char" as per, '${span}'::"char" as span, at, client_id, metric, count, sum, min, max
    from ${rows}
   union all ${sumsOver(span, rows)}`;

/** The same without those by client and metric. */
export function sumsOver(span: RollupSpan["letter"], rows: string): string {
  return SUMS.map(
    ({ letter, keys, clientId, metric }) => `
  select tenant_id, '${letter}'::"char" as per, '${span}'::"char" as span, at, ${clientId} as client_id, ${metric} as metric, ${TOGETHER}
    from ${rows} group by ${keys}`,
  ).join(`
   union all`);
}
