import { countIn } from "../connection/count-in.js";
import type { PgPool } from "../connection/pg-pool.js";
import { onConnection, type Query } from "../connection/transaction.js";
import { checkSchema } from "../migrations/schema-check.js";
import { checkedInstant, checkUpkeep, type SchemaOption } from "./upkeep-options.js";

export interface ForgetParkedOptions extends SchemaOption {
  /** Those whose last attempt was earlier. */
  readonly before: string | Date;
  /** Whether those are forgotten, too, that nobody has mended. @defaultValue false */
  readonly includeOpen?: boolean;
}

/** How many go in one transaction: locks are held for little. */
const AT_ONCE = 5_000;

/**
 * Deletes parked events with their replays: those that were resolved, or all. Counted events, claims and totals stay as
 * they are. What somebody is replaying or parking at the moment is left for the next time. Answers how many were deleted.
 * @throws whatever `pg` throws; run again, it does the rest
 */
export async function forgetParked(
  pool: Pick<PgPool, "connect">,
  options: ForgetParkedOptions,
): Promise<number> {
  const schema = checkUpkeep("forgetParked", pool, options, ["schema", "before", "includeOpen"]);
  const { includeOpen = false } = options;
  if (typeof includeOpen !== "boolean")
    throw new TypeError(`includeOpen is ${String(includeOpen)}; it must be true or false`);
  const before = checkedInstant("before", options.before);
  return onConnection(pool, async (query) => {
    await checkSchema(schema, query);
    for (let forgotten = 0; ; ) {
      const count = await forgetSome(schema, before, includeOpen, query);
      forgotten += count;
      if (count < AT_ONCE) return forgotten;
    }
  });
}

async function forgetSome(
  schema: string,
  before: string,
  includeOpen: boolean,
  query: Query,
): Promise<number> {
  const [row] = await query(
    `with old as materialized (
       select tenant_id, id from ${schema}.parked
        where last_attempt_at < $1::timestamptz and (resolved_at is not null or $2::boolean)
        limit ${AT_ONCE} for update skip locked
     ),
     unplayed as (
       delete from ${schema}.replay using old where replay.tenant_id = old.tenant_id and replay.parked_id = old.id
     ),
     forgotten as (
       delete from ${schema}.parked using old where parked.tenant_id = old.tenant_id and parked.id = old.id returning 1
     )
     select count(*)::text as forgotten from forgotten`,
    [before, includeOpen],
  );
  return countIn(row, "forgotten");
}
