import type { PgQuery } from "../connection/pg-pool.js";
import type { Prepare, Statement } from "../connection/statement.js";
import { CELLS } from "./aggregate-query.js";
import { ROLLUP_COLUMNS, rollupsOf, summedTo } from "./rollup-groupings.js";
import { ROLLUP_SPANS } from "./rollup-spans.js";

/** Returns SQL for the advisory lock that is held while tallies are folded, or while totals must not change. */
export const foldLock = (schema: string): string =>
  `hashtextextended('evt.fold ' || $name$${schema}$name$, 0)`;

/** The statements of a slice. `choose` selects tallies, and `fold` adds them to the rollups of every span. */
export class FoldStatements {
  readonly #lock: Statement;
  readonly #choose: Statement;
  readonly #fold: Statement;

  constructor(schema: string, prepare: Prepare) {
    this.#lock = prepare(`select pg_advisory_xact_lock(${foldLock(schema)})`);
    this.#choose = prepare(chooseSql(schema));
    this.#fold = prepare(foldSql(schema));
  }

  /** Waits for the lock. */
  lock(): PgQuery {
    return this.#lock.with();
  }

  /** Takes the lock if it is free, and chooses tallies with at most `cells` cells, but at least one tally. */
  choose(cells: number, skipped: readonly string[]): PgQuery {
    return this.#choose.with(cells, skipped.join(" "));
  }

  /** Folds the tallies at the places that `choose` returned. */
  fold(places: string): PgQuery {
    return this.#fold.with(places);
  }
}

/** The totals of a span are the sums of the next shorter span's totals, because each span consists of whole shorter spans. */
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

/** Reads several places from one string, which no driver needs to escape. */
const placesIn = (parameter: string): string => `string_to_array(${parameter}::text, ' ')::tid[]`;

/**
 * SQL for the number of cells in a tally. `counts` takes 8 bytes per cell, so its stored size is enough. `cardinality`
 * would fetch every array.
 */
export const CELLS_OF_TALLY = "(pg_column_size(counts) - 20) / 8";

const chooseSql = (schema: string) => `
with lock as materialized (
  select pg_try_advisory_xact_lock(${foldLock(schema)}) as is_free
),
candidate as materialized (
  select ctid, sum(${CELLS_OF_TALLY}) over (order by ctid) as cells, row_number() over (order by ctid) as row_number
    from (select ctid, counts from ${schema}.tally
           where (select is_free from lock) and ctid <> all(${placesIn("$2")})
           limit $1::int + 1) as tally
),
chosen as (
  select ctid, cells from candidate where cells <= $1::int or row_number = 1
)
select (select is_free from lock)::text as is_free,
       (select string_agg(ctid::text, ' ') from chosen) as places,
       (select count(*) from chosen)::text as tallies,
       (select coalesce(max(cells), 0) from chosen)::text as cells,
       (select count(*) from candidate)::text as candidates
`;

const foldSql = (schema: string) => `
with taken as (
  delete from ${schema}.tally where ctid = any(${placesIn("$1")})
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
