import { countIn } from "../connection/count-in.js";
import type { PgPool } from "../connection/pg-pool.js";
import { onConnection, type SqlQuery } from "../connection/transaction.js";
import { checkSchema } from "../migrations/schema-check.js";
import { isUnresolved, resolvedAtOf } from "../parked/open-failure.js";
import { type Unfolded, unfoldedOf, unfoldedSql } from "../totals/unfolded.js";
import { buildCombinations } from "./build-combinations.js";
import { foldAll } from "./fold-all.js";
import { makePartitions } from "./month-partitions.js";
import { sealMonths } from "./seal-months.js";
import { checkMonthsAhead, checkUpkeep, type SchemaOption } from "./upkeep-options.js";

/** Options of {@link maintain}. */
export interface MaintainOptions extends SchemaOption {
  /** The number of months that have a partition afterwards, including the current month. @defaultValue 3 */
  readonly monthsAhead?: number | undefined;
  /** The date of the first month. Default: now. */
  readonly now?: Date | undefined;
}

const OPTIONS = Object.keys({ schema: true, monthsAhead: true, now: true } satisfies Record<
  keyof MaintainOptions,
  true
>);

/** The result of {@link maintain}. */
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
  /** What was not folded at the end. Stores insert more tallies while `maintain` runs. */
  readonly unfolded: Unfolded;
}

/**
 * Creates the partitions of the next months, resolves parked failures that later outcomes settled, folds tallies, and
 * seals months that have ended (UTC). It also computes the totals of new combinations (`totals.by` of `createEvt`), and
 * deletes the totals of combinations that no process has wanted for 7 days. Folding ends when nothing is left, or when it has folded as much as existed at its
 * start. Each slice is one transaction, so a later failure does not undo it. Slices have no `statement_timeout`.
 * `maintain` waits while a store or another call folds.
 *
 * Any number of processes may run it concurrently. The store's privileges are enough.
 * @throws TypeError if an option is unknown or invalid
 * @throws Error if Postgres refuses to fold single tallies, after everything else is done; and any error that `pg`
 * throws
 * @example
 * ```ts
 * const { partitions, folded, resolved, unfolded } = await maintain(pool);
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
    const { folded, refusal } = await foldAll(schema, query);
    await sealMonths(schema, now, query);
    await buildCombinations(schema, query);
    if (refusal !== null) throw refusal;
    const [left] = await query(unfoldedSql(schema));
    return { partitions, folded, resolved, unfolded: unfoldedOf(left) };
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
