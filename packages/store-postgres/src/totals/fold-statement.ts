import type { PgQuery } from "../connection/pg-pool.js";
import type { Prepare, Statement } from "../connection/statement.js";
import { ADDED, dayOf, MANY_CELLS, mergeCells, PACKED, quarterOf, storePacked } from "./day-total.js";
import { addedToMonths } from "./month-total.js";
import type { SliceOptions } from "./slice-options.js";
import { CELLS, CELLS_OF_TALLY } from "./tally-cells.js";
import { MOST_TALLIES_COUNTED } from "./unfolded.js";

/** Returns SQL for the advisory lock that is held while tallies are folded, or while totals must not change. */
export const foldLock = (schema: string): string =>
  `hashtextextended('evt.fold ' || $name$${schema}$name$, 0)`;

/**
 * The statements of a slice. `choose` selects tallies, `fold` adds them to the rollups, and `merge` keeps rows short.
 */
export class FoldStatements {
  readonly #lock: Statement;
  readonly #choose: Statement;
  readonly #fold: Statement;
  readonly #merge: Statement;

  constructor(schema: string, prepare: Prepare) {
    this.#lock = prepare(`select pg_advisory_xact_lock(${foldLock(schema)})`);
    this.#choose = prepare(chooseSql(schema));
    this.#fold = prepare(foldSql(schema));
    this.#merge = prepare(mergeCells(schema, `ctid = any(${placesIn("$1")})`));
  }

  /** Waits for the lock. */
  lock(): PgQuery {
    return this.#lock.with();
  }

  /**
   * Takes the lock if it is free, and chooses tallies with at most `cells` cells, but at least one tally. The tenants take
   * turns: the first tenant is the one that follows `after`.
   */
  choose({ cells, skipped, after }: Omit<SliceOptions, "waits">): PgQuery {
    return this.#choose.with(cells, skipped.join(" "), after);
  }

  /** Folds the tallies at the places that `choose` returned. Returns the places of rollups with too many cells. */
  fold(places: string): PgQuery {
    return this.#fold.with(places);
  }

  /** Merges the cells of the rollups at the places that `fold` returned. */
  merge(places: string): PgQuery {
    return this.#merge.with(places);
  }
}

/** Reads several places from one string, which no driver needs to escape. */
const placesIn = (parameter: string): string => `string_to_array(${parameter}::text, ' ')::tid[]`;

/** The tallies of some tenants, in their order. A tenant's tallies are folded together, because they share rollups. */
const tallies = (schema: string, isWrapped: boolean) => `
       (select ctid, tenant_id, ${CELLS_OF_TALLY} as cells, ${isWrapped} as is_wrapped from ${schema}.tally
         where (select is_free from lock) and tenant_id ${isWrapped ? "<=" : ">"} $3::text and ctid <> all(${placesIn("$2")})
         order by tenant_id limit $1::int + 1)`;

const chooseSql = (schema: string) => `
with lock as materialized (
  select pg_try_advisory_xact_lock(${foldLock(schema)}) as is_free
),
candidate as materialized (
  select ctid, tenant_id, sum(cells) over in_turn as cells, row_number() over in_turn as row_number
    from (${[false, true].map((isWrapped) => tallies(schema, isWrapped)).join("\n        union all")}) as tally
  window in_turn as (order by is_wrapped, tenant_id, ctid)
),
chosen as (
  select * from candidate where cells <= $1::int or row_number = 1
)
select (select is_free from lock)::text as is_free,
       (select string_agg(ctid::text, ' ') from chosen) as places,
       (select count(*) from chosen)::text as tallies,
       (select coalesce(max(cells), 0) from chosen)::text as cells,
       (select tenant_id from chosen order by row_number desc limit 1) as last,
       (select count(*) from candidate)::text as candidates,
       (select coalesce(sum(${CELLS_OF_TALLY}), 0)
          from (select counts from ${schema}.tally limit ${MOST_TALLIES_COUNTED}) as tally)::text as unfolded
`;

const foldSql = (schema: string) => `
with taken as (
  delete from ${schema}.tally where ctid = any(${placesIn("$1")})
  returning *
),
cell as (
  select tenant_id, client_id collate "C" as client_id, metric collate "C" as metric, coalesce(unit, '') collate "C" as unit,
         ${dayOf("quarter")} as day, ${quarterOf("quarter")} as quarter, count, sum, min, max
    from taken as tally, ${CELLS}
),${PACKED},
folded as (${storePacked(schema, ADDED)}
  returning ctid, cardinality(quarters) as cells
),
added_to_months as (${addedToMonths(schema)}
)
select count(*)::text as folded,
       (select string_agg(ctid::text, ' ') from folded where cells > ${MANY_CELLS}) as long
  from taken
`;
