import { countIn } from "../connection/count-in.js";
import type { PgPool } from "../connection/pg-pool.js";
import { onConnection, type SqlQuery } from "../connection/transaction.js";
import { checkSchema } from "../migrations/schema-check.js";
import { checkedInstant, checkUpkeep, type SchemaOption } from "./upkeep-options.js";

/** Options of {@link forgetParked}. */
export interface ForgetParkedOptions extends SchemaOption {
  /**
   * Deletes events whose last attempt was before this instant. A `Date`, or a string as in `ListQuery`. A date
   * without a time means midnight UTC.
   */
  readonly before: string | Date;
  /** Whether to delete open events as well, not only resolved ones. @defaultValue false */
  readonly includeOpen?: boolean | undefined;
}

const OPTIONS = Object.keys({ schema: true, before: true, includeOpen: true } satisfies Record<
  keyof ForgetParkedOptions,
  true
>);

/** Maximum number of events deleted in one transaction, so that locks are held briefly. */
const AT_ONCE = 5_000;

/**
 * Deletes parked events whose last attempt was before `before`, and their replays. Deletes only resolved events, unless
 * `includeOpen` is `true`. Keeps counted events, claims and totals. Skips events that are being replayed or parked at the
 * moment. Returns the number of deleted events.
 *
 * Each batch of events has its own transaction. After an error, call `forgetParked` again to continue.
 * @throws TypeError if an option is unknown or invalid
 * @throws EvtError `EVT_SCHEMA_OUTDATED` if the schema does not fit this version of the package
 * @throws any error that `pg` throws
 * @example
 * ```ts
 * const deleted = await forgetParked(pool, { before: "2026-01-01" });
 * ```
 */
export async function forgetParked(
  pool: Pick<PgPool, "connect">,
  options: ForgetParkedOptions,
): Promise<number> {
  const schema = checkUpkeep("forgetParked", pool, options, OPTIONS);
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
  query: SqlQuery,
): Promise<number> {
  const [row] = await query(
    `with old as materialized (
       select tenant_id, id from ${schema}.parked
        where last_attempt_at < $1::timestamptz and (resolved_at is not null or $2::boolean)
        limit ${AT_ONCE} for update skip locked
     ),
     deleted_replay as (
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
