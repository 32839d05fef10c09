import type { AggregateQuery } from "@evt/core/store";
import type { Parameters } from "../connection/parameters.js";

/** The cells of a tally as a table. `unit` is null if the cell has none. */
export const CELLS = `unnest(tally.client_ids, tally.metrics, tally.quarters, tally.counts, tally.sums, tally.mins, tally.maxs, tally.units)
      as cell (client_id, metric, quarter, count, sum, min, max, unit)`;

/** The same with `dimensions`: the values of the dimensions in `tally.dimension_names`, as a JSON array. */
export const CELLS_WITH_DIMENSIONS = `unnest(tally.client_ids, tally.metrics, tally.quarters, tally.counts, tally.sums, tally.mins, tally.maxs,
             tally.units, tally.dimensions)
      as cell (client_id, metric, quarter, count, sum, min, max, unit, dimensions)`;

/**
 * SQL for the number of cells in a tally. `counts` takes 8 bytes per cell, so its stored size is enough. `cardinality`
 * would fetch every array.
 */
export const CELLS_OF_TALLY = "(pg_column_size(counts) - 20) / 8";

/**
 * Returns conditions on the tallies that have a cell of the client and the metric. Most tallies have no cell of a rare
 * client, and it takes long to read all cells of a tally.
 */
export function tallyFilter(
  { clientId, metric }: Pick<AggregateQuery, "clientId" | "metric">,
  parameters: Parameters,
): string[] {
  const where: string[] = [];
  if (clientId !== undefined) where.push(`${parameters.add(clientId)}::text = any (tally.client_ids)`);
  if (metric !== undefined) where.push(`${parameters.add(metric)}::text = any (tally.metrics)`);
  return where;
}
