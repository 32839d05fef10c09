import { setTimeout as sleep } from "node:timers/promises";
import { countIn } from "../connection/count-in.js";
import type { PgPool } from "../connection/pg-pool.js";
import { inTransaction, onConnection, type SqlQuery } from "../connection/transaction.js";
import { checkSchema } from "../migrations/schema-check.js";
import { instant, instantText } from "../tables/row-values.js";
import { dayOf } from "../totals/day-total.js";
import { foldLock } from "../totals/fold-statement.js";
import { monthOf } from "../totals/month-total.js";
import { buildCombinations } from "./build-combinations.js";
import {
  differingCombinations,
  differingMonths,
  differingQuarters,
  differingSums,
  QUARTER_OF_EVENT,
} from "./compare-totals.js";
import { foldAll } from "./fold-all.js";
import { checkedInstant, checkUpkeep, type SchemaOption } from "./upkeep-options.js";

/** Options of {@link retain}. */
export interface RetainOptions extends SchemaOption {
  /**
   * Prunes the events of arrival months that ended by this time, which must be in the past. A `Date`, or a string
   * that `ListQuery` also accepts; a date without a time means midnight UTC.
   */
  readonly before: string | Date;
  /**
   * Whether to only detach the table of a month, so that you can archive it, instead of dropping it.
   * @defaultValue false
   */
  readonly keepTables?: boolean | undefined;
  /** Called with each month that ended by `before` but was kept. Default: a process warning for each. */
  readonly onKept?: ((month: KeptMonth) => void) | undefined;
}

const OPTIONS = Object.keys({ schema: true, before: true, keepTables: true, onKept: true } satisfies Record<
  keyof RetainOptions,
  true
>);

/** A month that was kept because a host with a wrong clock stored events in it later. */
export interface KeptMonth {
  /** The name of its table, without the schema. */
  readonly table: string;
  /** Start of the arrival month, inclusive, by the hosts' clocks. */
  readonly from: string;
  /** End of the arrival month, exclusive. */
  readonly to: string;
  /** The last event arrived within an hour after this time, by the database's clock. */
  readonly lastArrivalAt: string;
}

/** An arrival month whose events were pruned. */
export interface PrunedMonth {
  /** The name of its table, without the schema. With `keepTables` the table still exists. */
  readonly table: string;
  /** Start of the month, inclusive. */
  readonly from: string;
  /** End of the month, exclusive. */
  readonly to: string;
  /** The number of its events. */
  readonly events: number;
}

/** Maximum time that one attempt waits for a lock. Other sessions may have to wait as long. */
const LOCK_TIMEOUT = "1s";
const ATTEMPTS = 30;
const PAUSE_MS = 1_000;

/**
 * Prunes the events of arrival months that ended by a time, oldest month first, one transaction each. Hosts set
 * `receivedAt`, so a month is kept if an event arrived in it after `before` by the database's clock.
 *
 * Claims are kept, so a resend of a pruned event is still a duplicate. Totals are kept, so totals of whole quarter
 * hours do not change. After that, a query whose range splits a quarter hour with pruned events throws `EVT_PRUNED`.
 * Before `retain` prunes a month, it verifies that each event has its claim and that the totals equal the events.
 *
 * The role must own the table `event`.
 * @throws TypeError if an option is unknown or invalid
 * @throws Error if the verification fails, in which case nothing of that month is pruned; and any error that `pg`
 * throws
 * @example
 * ```ts
 * const months = await retain(pool, { before: "2025-01-01", keepTables: true });
 * for (const { table, events } of months) console.log(`${table}: ${events} events`);
 * ```
 */
export async function retain(
  pool: Pick<PgPool, "connect">,
  options: RetainOptions,
): Promise<readonly PrunedMonth[]> {
  const schema = checkUpkeep("retain", pool, options, OPTIONS);
  const before = checkedInstant("before", options.before);
  if (Date.parse(before) > Date.now())
    throw new TypeError(
      `before is ${before}; it must be in the past, because events are still received into later months`,
    );
  const { keepTables = false, onKept = warnOfKept } = options;
  const months = await onConnection(pool, async (query) => {
    await checkSchema(schema, query);
    await query(`select ${schema}.watch_past_months()`);
    const months = await monthsBefore(schema, before, query);
    if (months.length > 0) await completeCombinations(schema, query);
    return months;
  });
  const pruned: PrunedMonth[] = [];
  for (const month of months) {
    const result = await untilLocked(() =>
      inTransaction(pool, (query) => prune({ schema, month, before, keepTables }, query)),
    );
    if ("lastArrivalAt" in result) onKept(result);
    else pruned.push(result);
  }
  return pruned;
}

/** Totals of combinations cannot be computed after their events are pruned. */
async function completeCombinations(schema: string, query: SqlQuery): Promise<void> {
  const [row] = await query(`select exists (select from ${schema}.combination)::text as has_combinations`);
  if (row?.["has_combinations"] !== "true") return;
  await foldAll(schema, query);
  await buildCombinations(schema, query);
}

function warnOfKept({ table, lastArrivalAt }: KeptMonth): void {
  process.emitWarning(
    `retain kept ${table}: an event arrived there after ${lastArrivalAt} by the database's clock, from a host whose clock is wrong`,
  );
}

type Month = Omit<PrunedMonth, "events">;

/** Returns the partitions that ended by the given time. */
async function monthsBefore(schema: string, before: string, query: SqlQuery): Promise<readonly Month[]> {
  const rows = await query(
    `select "table", ${instantText("first")} as first, ${instantText("last")} as last
       from (select relname as "table",
                    substring(bound from $$FROM \\('([^']+)'\\)$$)::timestamptz as first,
                    substring(bound from $$TO \\('([^']+)'\\)$$)::timestamptz as last
               from (select relname, pg_get_expr(relpartbound, pg_class.oid) as bound
                       from pg_inherits join pg_class on pg_class.oid = inhrelid
                      where inhparent = $1::regclass) as partition) as month
      where last <= $2::timestamptz order by last`,
    [`${schema}.event`, before],
  );
  return rows.map((row) => ({
    table: String(row["table"]),
    from: instant(row["first"]),
    to: instant(row["last"]),
  }));
}

/**
 * Retries `work` if it does not get a lock. While an attempt waits for a lock, other sessions queue after it, so each
 * attempt waits only briefly.
 */
async function untilLocked<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      if ((code !== "55P03" && code !== "40P01") || attempt === ATTEMPTS) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

interface Prune {
  readonly schema: string;
  readonly month: Month;
  readonly before: string;
  readonly keepTables: boolean;
}

async function prune(
  { schema, month, before, keepTables }: Prune,
  query: SqlQuery,
): Promise<PrunedMonth | KeptMonth> {
  const { table } = month;
  const partition = `${schema}."${table}"`;
  await query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
  // no event and no total of the month may change between the verification and the pruning
  await query(`lock table ${partition} in share mode`);
  const lastArrivalAt = await arrivalAfter(schema, table, before, query);
  if (lastArrivalAt !== null) return { ...month, lastArrivalAt };
  await query(`select pg_advisory_xact_lock(${foldLock(schema)})`);
  await verifyClaims(schema, partition, table, query);
  await verifyTotals(schema, partition, table, query);
  const [counted] = await query(`select count(*)::text as events from ${partition}`);
  await query(`
    insert into ${schema}.pruned as held (tenant_id, quarters)
    select tenant_id, range_agg(tstzrange(quarter, quarter + interval '15 minutes'))
      from (${quartersIn(partition)}) as touched group by tenant_id
    on conflict (tenant_id) do update set quarters = held.quarters + excluded.quarters`);
  await query(`alter table ${schema}.event detach partition ${partition}`);
  await query(`delete from ${schema}.late_arrival where partition = $1::text`, [table]);
  await query(
    keepTables ? `drop trigger if exists evt_late_arrival on ${partition}` : `drop table ${partition}`,
  );
  return { ...month, events: countIn(counted, "events") };
}

/**
 * Returns the time of a partition's last late arrival if it may be after `before`. At most one arrival per hour is
 * recorded.
 */
async function arrivalAfter(
  schema: string,
  table: string,
  before: string,
  query: SqlQuery,
): Promise<string | null> {
  const [row] = await query(
    `select ${instantText("max(at)")} as last from ${schema}.late_arrival
      where partition = $1::text and at + interval '1 hour' > $2::timestamptz`,
    [table, before],
  );
  if (row === undefined) throw new Error("expected the time of the last late arrival from the database");
  return row["last"] === null ? null : instant(row["last"]);
}

const quartersIn = (partition: string): string =>
  `select distinct tenant_id, ${QUARTER_OF_EVENT} as quarter from ${partition}`;

async function verifyClaims(
  schema: string,
  partition: string,
  table: string,
  query: SqlQuery,
): Promise<void> {
  const [row] = await query(`
    select count(*)::text as missing
      from ${partition} as event
     where not exists (select from ${schema}.claim
                        where claim.tenant_id = event.tenant_id and claim.identity = coalesce(event.identity, event.id))`);
  if (row?.["missing"] === "0") return;
  throw new Error(
    `${row?.["missing"]} events of ${table} have no claim, so after pruning their resends would be counted again. Nothing of this month was pruned`,
  );
}

async function verifyTotals(
  schema: string,
  partition: string,
  table: string,
  query: SqlQuery,
): Promise<void> {
  const comparisons = [
    differingQuarters(schema, "select tenant_id, quarter from lost"),
    differingSums(schema, `(tenant_id, day) in (select tenant_id, ${dayOf("quarter")} from lost)`),
    differingMonths(
      schema,
      `(tenant_id, month) in (select tenant_id, ${monthOf(dayOf("quarter"))} from lost)`,
    ),
  ];
  const rows = comparisons.map((comparison) => `select from (${comparison}) as differing`);
  rows.push(
    `select from (${differingCombinations(schema, "select tenant_id, quarter from lost")}) as differing`,
  );
  const [row] = await query(`
    with lost as materialized (${quartersIn(partition)})
    select count(*)::text as differing from (${rows.map((each) => `(${each})`).join(" union all ")}) as differing`);
  if (row?.["differing"] === "0") return;
  throw new Error(
    `${row?.["differing"]} totals of ${table} differ from its events: recount shows and repairs them. Nothing of this month was pruned`,
  );
}
