import type { PgQuery } from "../connection/pg-pool.js";
import type { Prepare, Statement } from "../connection/statement.js";
import { CELLS } from "./aggregate-query.js";
import { ROLLUP_SPANS } from "./rollup-spans.js";

/** How many tallies are folded at once: enough that what they have in common is written once, and done in a moment. */
export const MOST_FOLDED = 256;

/** Moves what tallies say into the rollups of every span: all of it or nothing, so whoever totals sees it once. */
export class FoldStatement {
  readonly #statement: Statement;

  constructor(schema: string, prepare: Prepare) {
    this.#statement = prepare(sql(schema));
  }

  with(): PgQuery {
    return this.#statement.with(MOST_FOLDED);
  }
}

/** How many tallies were folded: none where there is none, or another is folding. */
export function foldedCount(rows: readonly Record<string, unknown>[]): number {
  return Number(rows[0]?.["folded"] ?? 0);
}

/** Held by whoever folds, or must not be disturbed by one who does. */
export const foldLock = (schema: string): string =>
  `hashtextextended('evt.fold ' || $name$${schema}$name$, 0)`;

const spans = ROLLUP_SPANS.map(({ letter, begin }) => `('${letter}'::"char", ${begin("quarter")})`).join(
  ", ",
);

const sql = (schema: string) => `
with taken as (
  delete from ${schema}.tally
   where ctid = any(array(select ctid from ${schema}.tally
                           where (select pg_try_advisory_xact_lock(${foldLock(schema)})) limit $1::int))
  returning *
),
cell as (
  select tenant_id, client_id collate "C" as client_id, metric collate "C" as metric, quarter,
         sum(count) as count, sum(sum) as sum, min(min) as min, max(max) as max
    from taken as tally, ${CELLS}
   group by 1, 2, 3, 4
),
folded as (
  insert into ${schema}.rollup as total (tenant_id, span, at, client_id, metric, count, sum, min, max)
  select tenant_id, span, at, client_id, metric, sum(count), sum(sum), min(min), max(max)
    from cell cross join lateral (values ${spans}) as part (span, at)
   group by tenant_id, span, at, client_id, metric
   order by tenant_id, span, at, client_id, metric
  on conflict (tenant_id, span, at, client_id, metric) do update
     set count = total.count + excluded.count, sum = total.sum + excluded.sum,
         min = least(total.min, excluded.min), max = greatest(total.max, excluded.max)
)
select count(*)::text as folded from taken
`;
