import { countIn } from "../connection/count-in.js";
import type { PgPool } from "../connection/pg-pool.js";
import { unprepared } from "../connection/statement.js";
import { onConnection, type Query } from "../connection/transaction.js";
import { countedAt, isUncounted } from "../parked/counted-failure.js";
import { FOLDED_AT_ONCE, FoldStatement, foldedCount } from "../totals/fold-statement.js";
import { makePartitions } from "./month-partitions.js";
import { checkMonthsAhead, checkUpkeep, type SchemaOption } from "./upkeep-options.js";

export interface MaintainOptions extends SchemaOption {
  /** How many months of partitions are there in the end, this one included. @defaultValue 3 */
  readonly monthsAhead?: number;
  /** The time partitions are counted from. Default: now. */
  readonly now?: Date;
}

/** What was done. */
export interface Maintained {
  /** Partitions that were made. */
  readonly partitions: number;
  /** Tallies that were folded into the rollups; 0 also while another process or a store folds them. */
  readonly folded: number;
  /** Parked failures that stood counted, and are marked so. */
  readonly resolved: number;
}

/**
 * Does what is best done ahead of time: makes the partitions of the months to come, folds what inserts tallied, and
 * marks failures that were counted after all. Nothing is wrong where it never runs; totals and lists take longer. Safe
 * from any number of processes at once, beside any load. Needs no rights but those the store needs.
 * @throws whatever `pg` throws
 */
export async function maintain(
  pool: Pick<PgPool, "connect">,
  options: MaintainOptions = {},
): Promise<Maintained> {
  const schema = checkUpkeep("maintain", pool, options, ["schema", "monthsAhead", "now"]);
  const { monthsAhead = 3, now = new Date() } = options;
  checkMonthsAhead(monthsAhead);
  return onConnection(pool, async (query) => {
    const partitions = await makePartitions(schema, now, monthsAhead, query);
    const folded = await foldAll(schema, query);
    const resolved = await resolveCounted(schema, query);
    return { partitions, folded, resolved };
  });
}

/** How many tallies were folded: all that were there, unless another is folding them. */
export async function foldAll(schema: string, query: Query): Promise<number> {
  const { text, values } = new FoldStatement(schema, unprepared).with(FOLDED_AT_ONCE);
  for (let folded = 0; ; ) {
    const count = foldedCount(await query(text, values));
    folded += count;
    if (count < FOLDED_AT_ONCE) return folded;
  }
}

async function resolveCounted(schema: string, query: Query): Promise<number> {
  const [row] = await query(`
with counted as materialized (
  select tenant_id, id, ${countedAt(schema)} as at
    from ${schema}.parked
   where status = 'failed' and resolved_at is null and not ${isUncounted(schema)}
   -- as parking does, or the two could lock each other's rows crosswise (40P01); what is locked can wait
   order by tenant_id, id for update skip locked
),
resolved as (
  update ${schema}.parked set resolved_at = counted.at
    from counted where parked.tenant_id = counted.tenant_id and parked.id = counted.id
  returning 1
)
select count(*)::text as resolved from resolved`);
  return countIn(row, "resolved");
}
