import { CELL_COLUMNS, packedBy, SUMMED } from "./day-total.js";

/** The primary key of `combination_total`. */
const KEY = "combination, tenant_id, day, client_id, metric, unit, dimension_values";

const VALUES = ["quarter", "count", "sum", "min", "max", ...CELL_COLUMNS];

/**
 * SQL common table expressions that compute rows of `combination_total`. They read cells from an expression `cell` with the
 * columns of the key, and `quarter, count, sum, min, max`. It may have several rows for a cell. The result is the
 * expression `packed`.
 */
export const PACKED_COMBINATION = `
grouped as (
  select ${KEY}, quarter, ${SUMMED} from cell group by ${KEY}, quarter
),
packed as (${packedBy(KEY)})`;

/** Returns SQL that replaces the rows that `packed` has. */
export const replaceCombinationTotals = (schema: string): string => `
  insert into ${schema}.combination_total as total (${KEY}, ${VALUES.join(", ")})
  select ${KEY}, ${VALUES.join(", ")} from packed order by ${KEY}
  on conflict (${KEY}) do update set ${VALUES.map((column) => `${column} = excluded.${column}`).join(", ")}`;

/** SQL condition: the row is the row `other` of the same group. */
export const isSameCombinationGroup = (row: string, other: string): string =>
  KEY.split(", ")
    .map((column) => `${row}.${column} = ${other}.${column}`)
    .join(" and ");

/** SQL for the values of a combination's dimensions in an event. `combination` is a row of the table. */
export const valuesOfEvent = (combination: string, event: string): string =>
  `array(select ${event}.dimensions ->> name from unnest(${combination}.dimensions) with ordinality as wanted (name, place)
          order by place) collate "C"`;
