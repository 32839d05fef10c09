import { countIn } from "../connection/count-in.js";
import type { PgPool } from "../connection/pg-pool.js";
import { onConnection, type Query } from "../connection/transaction.js";
import { checkSchema } from "../migrations/schema-check.js";
import { isUnsettled, settledAt } from "../parked/open-failure.js";
import { foldAll } from "./fold-all.js";
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
  /** Tallies that this call folded into the rollups. Stores and other calls may have folded the rest. */
  readonly folded: number;
  /** Parked failures whose events are counted, or kept as a conflict or a rejection, and are marked so. */
  readonly resolved: number;
}

/**
 * Makes the partitions of the months to come, marks failures that were settled after all, and folds what inserts tallied
 * until nothing is left, or as much as there was when it began. Each slice of that is a transaction without
 * `statement_timeout`, so the progress stays whatever happens later. While a store or another call folds, it waits its
 * turn. Safe from any number of processes at once. Needs no rights but those the store needs.
 * @throws what `pg` throws; Error when Postgres refuses to fold single tallies, after everything else is done
 */
export async function maintain(
  pool: Pick<PgPool, "connect">,
  options: MaintainOptions = {},
): Promise<Maintained> {
  const schema = checkUpkeep("maintain", pool, options, ["schema", "monthsAhead", "now"]);
  const { monthsAhead = 3, now = new Date() } = options;
  checkMonthsAhead(monthsAhead);
  return onConnection(pool, async (query) => {
    await checkSchema(schema, query);
    const partitions = await makePartitions(schema, now, monthsAhead, query);
    const resolved = await resolveSettled(schema, query);
    const folded = await foldAll(schema, query);
    return { partitions, folded, resolved };
  });
}

async function resolveSettled(schema: string, query: Query): Promise<number> {
  const [row] = await query(`
with settled as materialized (
  select tenant_id, id, ${settledAt(schema)} as at
    from ${schema}.parked
   where status = 'failed' and resolved_at is null and not (${isUnsettled(schema)})
   -- as parking does, or the two could lock each other's rows crosswise (40P01); what is locked can wait
   order by tenant_id, id for update skip locked
),
resolved as (
  update ${schema}.parked set resolved_at = settled.at
    from settled where parked.tenant_id = settled.tenant_id and parked.id = settled.id
  returning 1
)
select count(*)::text as resolved from resolved`);
  return countIn(row, "resolved");
}
