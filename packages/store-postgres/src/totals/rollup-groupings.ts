import type { RollupSpan } from "./rollup-spans.js";

/**
 * The columns by which a rollup is grouped, as the column `per` stores them: client and metric, only one of them, or
 * neither. In the rollup, the other columns have the value `''`.
 */
export type RollupGrouping = "b" | "c" | "m" | "n";

/** The groupings that are sums of the rollups by client and metric. */
const SUMS = [
  { letter: "c", keys: "tenant_id, at, client_id", clientId: "client_id", metric: "''" },
  { letter: "m", keys: "tenant_id, at, metric", clientId: "''", metric: "metric" },
  { letter: "n", keys: "tenant_id, at", clientId: "''", metric: "''" },
];

/** Returns the grouping that a query needs. */
export function groupingFor(byClientId: boolean, byMetric: boolean): RollupGrouping {
  if (byClientId) return byMetric ? "b" : "c";
  return byMetric ? "m" : "n";
}

export const ROLLUP_COLUMNS = "tenant_id, per, span, at, client_id, metric, count, sum, min, max";

/** SQL that adds totals up. */
export const TOGETHER = "sum(count) as count, sum(sum) as sum, min(min) as min, max(max) as max";

/** Returns SQL that adds up totals by client and metric for each span. `source` follows `from`. */
export const summedTo = ({ begin }: RollupSpan, at: string, source: string): string => `
  select tenant_id, client_id, metric, ${begin(at)} as at, ${TOGETHER}
    from ${source}
   group by 1, 2, 3, 4`;

/**
 * Returns SQL for all rollups of a span, computed from its rollups by client and metric. The columns are {@link
 * ROLLUP_COLUMNS}.
 */
export const rollupsOf = (span: RollupSpan["letter"], rows: string): string => `
  select tenant_id, 'b'::"char" as per, '${span}'::"char" as span, at, client_id, metric, count, sum, min, max
    from ${rows}
   union all ${sumsOver(span, rows)}`;

/** Returns the same SQL without the rollups by client and metric. */
export function sumsOver(span: RollupSpan["letter"], rows: string): string {
  return SUMS.map(
    ({ letter, keys, clientId, metric }) => `
  select tenant_id, '${letter}'::"char" as per, '${span}'::"char" as span, at, ${clientId} as client_id, ${metric} as metric, ${TOGETHER}
    from ${rows} group by ${keys}`,
  ).join(`
   union all`);
}
