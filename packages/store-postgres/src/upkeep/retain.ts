import { setTimeout as sleep } from "node:timers/promises";
import { countIn } from "../connection/count-in.js";
import type { PgPool } from "../connection/pg-pool.js";
import { inTransaction, onConnection, type Query } from "../connection/transaction.js";
import { checkSchema } from "../migrations/schema-check.js";
import { instant, instantText } from "../tables/row-values.js";
import { foldLock } from "../totals/fold-statement.js";
import { ROLLUP_SPANS, type RollupSpan } from "../totals/rollup-spans.js";
import { differingQuarters, differingSums, QUARTER_OF_EVENT } from "./compare-totals.js";
import { checkedInstant, checkUpkeep, type SchemaOption } from "./upkeep-options.js";

export interface RetainOptions extends SchemaOption {
  /** By time of receipt: months that ended by then are pruned. In the past. */
  readonly before: string | Date;
  /** Whether the table of a month is only detached, for you to archive, instead of dropped. @defaultValue false */
  readonly keepTables?: boolean;
  /** Receives each month that had ended by `before` and was kept all the same. Default: a process warning for each. */
  readonly onKept?: (month: KeptMonth) => void;
}

/** A month that was not pruned because hosts with wrong clocks stored events in it later. */
export interface KeptMonth {
  readonly table: string;
  /** By time of receipt, as hosts' clocks had it, `from ≤ t < to`. */
  readonly from: string;
  readonly to: string;
  /** By the database's clock: the last event arrived within an hour after this instant. */
  readonly lastArrivalAt: string;
}

/** A month whose events are no longer there. */
export interface PrunedMonth {
  /** The table that it was, or still is where tables are kept. */
  readonly table: string;
  /** By time of receipt, `from ≤ t < to`. */
  readonly from: string;
  readonly to: string;
  readonly events: number;
}

/** How long others may have to wait behind the one who waits for a table, and how often that is tried. */
const LOCK_TIMEOUT = "1s";
const ATTEMPTS = 30;
const PAUSE_MS = 1_000;

/**
 * Prunes the events of months of receipt that ended by an instant, the oldest first, a transaction each. Hosts stamp the
 * time of receipt; a month in which an event arrived after `before` by the database's clock is kept. Claims stay, so
 * a resend of a pruned event is still a duplicate; totals stay, so no total of whole quarters of an hour moves; a range
 * that cuts a quarter which lost events is refused from then on (`EVT_PRUNED`). Before a month goes, it is verified that
 * each of its events has its claim and that its totals are the fold over its events. Needs to own `event`.
 * @throws Error where that does not hold: nothing of that month is pruned then; whatever `pg` throws
 */
export async function retain(
  pool: Pick<PgPool, "connect">,
  options: RetainOptions,
): Promise<readonly PrunedMonth[]> {
  const schema = checkUpkeep("retain", pool, options, ["schema", "before", "keepTables", "onKept"]);
  const before = checkedInstant("before", options.before);
  if (Date.parse(before) > Date.now())
    throw new TypeError(
      `before is ${before}, which is yet to come: events are still received into such months`,
    );
  const { keepTables = false, onKept = warnOfKept } = options;
  const months = await onConnection(pool, async (query) => {
    await checkSchema(schema, query);
    await query(`select ${schema}.watch_past_months()`);
    return monthsBefore(schema, before, query);
  });
  const pruned: PrunedMonth[] = [];
  for (const month of months) {
    const became = await patiently(() =>
      inTransaction(pool, (query) => prune({ schema, month, before, keepTables }, query)),
    );
    if ("lastArrivalAt" in became) onKept(became);
    else pruned.push(became);
  }
  return pruned;
}

function warnOfKept({ table, lastArrivalAt }: KeptMonth): void {
  process.emitWarning(
    `retain kept ${table}: an event arrived there after ${lastArrivalAt} by the database's clock, from a host whose clock is wrong`,
  );
}

type Month = Omit<PrunedMonth, "events">;

/** The partitions whose upper bound is not after the instant. */
async function monthsBefore(schema: string, before: string, query: Query): Promise<readonly Month[]> {
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

/** Another may hold a table for long; whoever waits for it makes all others wait behind, so nobody waits for long. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
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
  query: Query,
): Promise<PrunedMonth | KeptMonth> {
  const { table } = month;
  const partition = `${schema}."${table}"`;
  await query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
  // nobody adds to the month, or moves its totals, between what is verified and what is done
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

/** The last late arrival in a partition, where it may have been after `before`: one in an hour is noted. */
async function arrivalAfter(
  schema: string,
  table: string,
  before: string,
  query: Query,
): Promise<string | null> {
  const [row] = await query(
    `select ${instantText("max(at)")} as last from ${schema}.late_arrival
      where partition = $1::text and at + interval '1 hour' > $2::timestamptz`,
    [table, before],
  );
  if (row === undefined) throw new Error("the database did not say when an event arrived last");
  return row["last"] === null ? null : instant(row["last"]);
}

const quartersIn = (partition: string): string =>
  `select distinct tenant_id, ${QUARTER_OF_EVENT} as quarter from ${partition}`;

async function verifyClaims(schema: string, partition: string, table: string, query: Query): Promise<void> {
  const [row] = await query(`
    select count(*)::text as missing
      from ${partition} as event
     where not exists (select from ${schema}.claim
                        where claim.tenant_id = event.tenant_id and claim.identity = coalesce(event.identity, event.id))`);
  if (row?.["missing"] === "0") return;
  throw new Error(
    `${row?.["missing"]} events of ${table} have no claim: pruned, a resend of theirs would be counted again. Nothing of it was pruned`,
  );
}

async function verifyTotals(schema: string, partition: string, table: string, query: Query): Promise<void> {
  const ofSpan = (span: RollupSpan) =>
    differingSums(
      schema,
      span,
      (at) => `(tenant_id, ${at}) in (select tenant_id, ${span.begin("quarter")} from lost)`,
    );
  const comparisons = [
    differingQuarters(schema, "select tenant_id, quarter from lost"),
    ...ROLLUP_SPANS.map(ofSpan),
  ];
  const [row] = await query(`
    with lost as materialized (${quartersIn(partition)})
    select count(*)::text as differing
      from (${comparisons.map((comparison) => `(${comparison})`).join(" union all ")}) as differing`);
  if (row?.["differing"] === "0") return;
  throw new Error(
    `${row?.["differing"]} totals of ${table} are not the fold over its events: recount shows and repairs them. Nothing of it was pruned`,
  );
}
