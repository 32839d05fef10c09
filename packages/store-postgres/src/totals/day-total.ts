/**
 * The SQL of `day_total`: one row for each day (UTC), grouping and group. A row has the day's total and its cells. A cell
 * is the total of one quarter hour. While a row has one cell, the row's own columns are that cell.
 */

/**
 * The columns by which a row is grouped, as the column `per` stores them: client and metric (a series), metric, or
 * nothing (all events of the tenant). Columns that the grouping does not have are `''`.
 */
export type Grouping = "s" | "m" | "a";

/** Returns the grouping that a query needs. The total of a client is the sum of its series. */
export function groupingFor(byClientId: boolean, byMetric: boolean): Grouping {
  if (byClientId) return "s";
  return byMetric ? "m" : "a";
}

/** The primary key. */
const KEY = "tenant_id, per, day, client_id, metric, unit, dimensions";

/** SQL that adds totals up. */
export const TOGETHER = "sum(count) as count, sum(sum) as sum, min(min) as min, max(max) as max";

/** The same, with the type of the column `count`. */
export const SUMMED = TOGETHER.replace("sum(count)", "sum(count)::int8");

/** SQL for the smallest and the largest amount. The columns are null if the row has a single event. */
export const MIN = "coalesce(min, sum)";
export const MAX = "coalesce(max, sum)";

/** SQL for the day that contains an instant. */
export const dayOf = (instant: string): string => `((${instant}) at time zone 'UTC')::date`;
/**
 * SQL for the number of a quarter hour in its day, from 0. `instant` is the start of the quarter hour, because `date_part`
 * rounds: in far years to more than a microsecond.
 */
export const quarterOf = (instant: string): string =>
  `((floor(date_part('epoch', ${instant}) / 900)::int8 % 96 + 96) % 96)::int2`;

/** SQL for the start of a day. */
export const START_OF_DAY = "day::timestamp at time zone 'UTC'";

/** SQL for the start of a cell's quarter hour. */
export const START_OF_CELL = `(${START_OF_DAY}) + cell.quarter * interval '15 minutes'`;

/** Returns SQL for the arrays of a row, or of single elements if it has one cell. */
function arraysOf(row: string): string[] {
  return [
    `coalesce(${row}.quarters, array[${row}.quarter])`,
    `coalesce(${row}.counts, array[${row}.count])`,
    `coalesce(${row}.sums, array[${row}.sum])`,
    `coalesce(${row}.mins, array[coalesce(${row}.min, ${row}.sum)])`,
    `coalesce(${row}.maxs, array[coalesce(${row}.max, ${row}.sum)])`,
  ];
}

/** SQL for the cells of a row as a table. A quarter hour may have several cells. */
export const cellsOfRow = (row: string): string =>
  `unnest(${arraysOf(row).join(", ")}) as cell (quarter, count, sum, min, max)`;

/**
 * SQL for the cells of rows. `rows` is SQL for rows of `day_total`. Columns: `tenant_id, per, client_id, metric, unit, day,
 * quarter, at, count, sum, min, max`.
 */
export const cellsOfDays = (rows: string): string => `
  select total.tenant_id, total.per, total.client_id, total.metric, total.unit, total.day, cell.quarter, ${START_OF_CELL} as at,
         cell.count, cell.sum, cell.min, cell.max
    from (${rows}) as total, ${cellsOfRow("total")}`;

export const CELL_COLUMNS = ["quarters", "counts", "sums", "mins", "maxs"];

/** The columns of a row, in the order of {@link PACKED}. */
const COLUMNS = `${KEY}, quarter, count, sum, min, max, ${CELL_COLUMNS.join(", ")}`;

/**
 * SQL common table expressions that add cells up: by series, over clients, and over clients and metrics. They read `cell`,
 * as {@link PACKED} does. The result is the expression `grouped`, with one row for each quarter hour and group.
 */
export const GROUPED = `
series as materialized (
  select tenant_id, day, quarter, client_id, metric, unit, ${SUMMED} from cell group by 1, 2, 3, 4, 5, 6
),
by_metric as materialized (
  select tenant_id, day, quarter, metric, unit, ${SUMMED} from series group by 1, 2, 3, 4, 5
),
grouped as (
  select tenant_id, 's'::"char" as per, day, quarter, client_id, metric, unit, count, sum, min, max from series
   union all
  select tenant_id, 'm', day, quarter, '', metric, unit, count, sum, min, max from by_metric
   union all
  select tenant_id, 'a', day, quarter, '', '', unit, ${SUMMED} from by_metric group by 1, 3, 4, 7
)`;

/**
 * SQL common table expressions that compute rows of `day_total` of all groupings. They read cells from an expression
 * `cell` with the columns `tenant_id, day, quarter, client_id, metric, unit, count, sum, min, max`, which may have several
 * rows for a cell. The result is the expression `packed`.
 */
export const PACKED = `${GROUPED},
packed as (${packedBy("tenant_id, per, day, client_id, metric, unit", ", '' as dimensions")})`;

/** Returns SQL that packs `grouped`, the cells, into one row for each `key`. */
export function packedBy(key: string, further = ""): string {
  const cells = CELL_COLUMNS.map((column) => `case when cells > 1 then ${column} end as ${column}`);
  return `
  select ${key}${further}, case when cells = 1 then quarter end as quarter,
         count, sum, case when count > 1 then min end as min, case when count > 1 then max end as max, ${cells.join(", ")}
    from (select ${key}, count(*) as cells, min(quarter) as quarter, ${SUMMED},
                 array_agg(quarter) as quarters, array_agg(count) as counts, array_agg(sum) as sums,
                 array_agg(min) as mins, array_agg(max) as maxs
            from grouped group by ${key}) as gathered`;
}

/** Returns SQL that stores the rows of `packed`. `onConflict` follows `do update set`. */
export const storePacked = (schema: string, onConflict: string): string => `
  insert into ${schema}.day_total as total (${COLUMNS})
  select ${COLUMNS} from packed order by tenant_id, per, day, client_id, metric, unit
  on conflict (${KEY}) do update set ${onConflict}`;

/**
 * SQL that adds a row to the stored row of its group. It appends the cells instead of adding them up, which costs a
 * fraction. {@link mergeCells} adds them up when there are many.
 */
export const ADDED = [
  "count = total.count + excluded.count",
  "sum = total.sum + excluded.sum",
  "min = least(coalesce(total.min, total.sum), coalesce(excluded.min, excluded.sum))",
  "max = greatest(coalesce(total.max, total.sum), coalesce(excluded.max, excluded.sum))",
  "quarter = null",
  ...appendedArrays(),
].join(", ");

function appendedArrays(): string[] {
  const added = arraysOf("excluded");
  return arraysOf("total").map((stored, i) => `${CELL_COLUMNS[i]} = ${stored} || ${added[i]}`);
}

/** SQL that replaces the stored row of a group. */
export const REPLACED = ["quarter", "count", "sum", "min", "max", ...CELL_COLUMNS]
  .map((column) => `${column} = excluded.${column}`)
  .join(", ");

/** A day has 96 quarter hours. A row with more cells than this has several for a quarter hour. */
export const MANY_CELLS = 192;

/** Returns SQL that adds up the cells of each quarter hour, in the rows that `where` selects. */
export const mergeCells = (schema: string, where: string): string => `
update ${schema}.day_total as total
   set (quarter, ${CELL_COLUMNS.join(", ")}) = (
     select case when count(*) = 1 then min(quarter) end,
            ${["quarter", "count", "sum", "min", "max"].map((column) => `case when count(*) > 1 then array_agg(${column}) end`).join(", ")}
       from (select quarter, ${SUMMED} from ${cellsOfRow("total")} group by quarter order by quarter) as merged)
 where ${where}`;

/** SQL condition: the row is the row `other` of the same group. */
export const isSameGroup = (row: string, other: string): string =>
  KEY.split(", ")
    .map((column) => `${row}.${column} = ${other}.${column}`)
    .join(" and ");
