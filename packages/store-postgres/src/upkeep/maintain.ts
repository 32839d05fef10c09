import { countIn } from "../connection/count-in.js";
import type { PgPool } from "../connection/pg-pool.js";
import { onConnection, type SqlQuery } from "../connection/transaction.js";
import { checkSchema } from "../migrations/schema-check.js";
import { isUnresolved, resolvedAtOf } from "../parked/open-failure.js";
import { foldAll } from "./fold-all.js";
import { makePartitions } from "./month-partitions.js";
import { checkMonthsAhead, checkUpkeep, type SchemaOption } from "./upkeep-options.js";

/** Options of {@link maintain}. */
export interface MaintainOptions extends SchemaOption {
  /** How many months of partitions exist afterwards, including the current one. @defaultValue 3 */
  readonly monthsAhead?: number | undefined;
  /** The time that the months are counted from. Default: now. */
  readonly now?: Date | undefined;
}

const OPTIONS = Object.keys({ schema: true, monthsAhead: true, now: true } satisfies Record<
  keyof MaintainOptions,
  true
>);

/** What {@link maintain} has done. */
export interface Maintained {
  /** Partitions that were created. */
  readonly partitions: number;
  /** Tallies that this call folded into rollups. Stores and other calls may have folded others. */
  readonly folded: number;
  /**
   * Parked failures that were marked as resolved, because their events are counted, or parked as a conflict or
   * rejection.
   */
  readonly resolved: number;
}

/**
 * Creates the partitions of the next months, resolves parked failures that later outcomes settled, and folds tallies
 * until nothing is left, or as much as existed when it began. Each slice of folding is one transaction without
 * `statement_timeout`, so a later failure loses none of it. Waits for its turn while a store or another call folds.
 *
 * Any number of processes may run it at once. Needs only the rights of the store.
 * @throws TypeError if an option is unknown or invalid
 * @throws Error whatever `pg` throws; also if Postgres refuses to fold single tallies, after everything else is done
 * @example
 * ```ts
 * const { partitions, folded, resolved } = await maintain(pool);
 * ```
 */
export async function maintain(
  pool: Pick<PgPool, "connect">,
  options: MaintainOptions = {},
): Promise<Maintained> {
  const schema = checkUpkeep("maintain", pool, options, OPTIONS);
  const { monthsAhead = 3, now = new Date() } = options;
  checkMonthsAhead(monthsAhead);
  return onConnection(pool, async (query) => {
    await checkSchema(schema, query);
    const partitions = await makePartitions(schema, now, monthsAhead, query);
    const resolved = await resolveFailures(schema, query);
    const folded = await foldAll(schema, query);
    return { partitions, folded, resolved };
  });
}

async function resolveFailures(schema: string, query: SqlQuery): Promise<number> {
  const [row] = await query(`
with resolvable as materialized (
  select tenant_id, id, ${resolvedAtOf(schema)} as at
    from ${schema}.parked
   where status = 'failed' and resolved_at is null and not (${isUnresolved(schema)})
   -- in the same order as parking, because the two could otherwise deadlock (40P01); locked rows can wait
   order by tenant_id, id for update skip locked
),
resolved as (
  update ${schema}.parked set resolved_at = resolvable.at
    from resolvable where parked.tenant_id = resolvable.tenant_id and parked.id = resolvable.id
  returning 1
)
select count(*)::text as resolved from resolved`);
  return countIn(row, "resolved");
}
