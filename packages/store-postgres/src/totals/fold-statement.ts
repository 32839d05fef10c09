import { countIn } from "../connection/count-in.js";
import type { PgQuery } from "../connection/pg-pool.js";
import type { Prepare, Statement } from "../connection/statement.js";
import { CELLS } from "./aggregate-query.js";
import { ROLLUP_COLUMNS, rollupsOf, summedTo } from "./rollup-groupings.js";
import { ROLLUP_SPANS } from "./rollup-spans.js";

/** How many tallies are folded at once, however wide: enough that what they have in common is written once. */
export const FOLDED_AT_ONCE = 256;

/** Moves what tallies say into the rollups of every span: all of it or nothing, so whoever totals sees it once. */
export class FoldStatement {
  readonly #statement: Statement;

  constructor(schema: string, prepare: Prepare) {
    this.#statement = prepare(sql(schema));
  }

  /** Of so many tallies at most. */
  with(most: number): PgQuery {
    return this.#statement.with(most);
  }
}

/** How many tallies were folded: none where there is none, or another is folding. */
export function foldedCount(rows: readonly Record<string, unknown>[]): number {
  return countIn(rows[0], "folded");
}

/** Held by whoever folds, or must not be disturbed by one who does. */
export const foldLock = (schema: string): string =>
  `hashtextextended('evt.fold ' || $name$${schema}$name$, 0)`;

/** What a span adds up to, from what the shorter one before it does: each is made up of whole shorter ones. */
const SPANS = ROLLUP_SPANS.map((span, i) => {
  const shorter = ROLLUP_SPANS[i - 1];
  const summed =
    shorter === undefined
      ? summedTo(span, "quarter", "cell")
      : summedTo(span, "at", `span_${shorter.letter}`);
  return `
span_${span.letter} as materialized (${summed}
)`;
}).join(",");

const ROLLUPS = ROLLUP_SPANS.map(({ letter }) => rollupsOf(letter, `span_${letter}`)).join(`
   union all`);

const sql = (schema: string) => `
with taken as (
  delete from ${schema}.tally
   where ctid = any(array(select ctid from ${schema}.tally
                           where (select pg_try_advisory_xact_lock(${foldLock(schema)})) limit $1::int))
  returning *
),
cell as (
  select tenant_id, client_id collate "C" as client_id, metric collate "C" as metric, quarter, count, sum, min, max
    from taken as tally, ${CELLS}
),${SPANS},
folded as (
  insert into ${schema}.rollup as total (${ROLLUP_COLUMNS})
  select * from (${ROLLUPS}
  ) as part
   order by tenant_id, per, span, at, client_id, metric
  on conflict (tenant_id, per, span, at, client_id, metric) do update
     set count = total.count + excluded.count, sum = total.sum + excluded.sum,
         min = least(total.min, excluded.min), max = greatest(total.max, excluded.max)
)
select count(*)::text as folded from taken
`;
