import { setTimeout as sleep } from "node:timers/promises";
import { countIn } from "../connection/count-in.js";
import type { PgPool } from "../connection/pg-pool.js";
import { inTransaction, onConnection, type Query } from "../connection/transaction.js";
import { instant, instantText } from "../entries/entry-row.js";
import { foldLock } from "../totals/fold-statement.js";
import { ROLLUP_SPANS, type RollupSpan } from "../totals/rollup-spans.js";
import { differingQuarters, differingSums, QUARTER_OF_EVENT } from "./compare-totals.js";
import { checkedInstant, checkUpkeep, type SchemaOption } from "./upkeep-options.js";

export interface RetainOptions extends SchemaOption {
  /** By time of receipt: months that ended by then are pruned. In the past. */
  readonly before: string | Date;
  /** Whether the table of a month is only detached, for you to archive, instead of dropped. @defaultValue false */
  readonly keepTables?: boolean;
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
 * Prunes the events of months of receipt that ended by an instant, the oldest first, a transaction each. Claims stay, so
 * a resend of a pruned event is still a duplicate; totals stay, so no total of whole quarters of an hour moves; a range
 * that cuts a quarter which lost events is refused from then on (`EVT_PRUNED`). Before a month goes, it is verified that
 * each of its events has its claim and that its totals are the fold over its events. Needs to own `event`.
 * @throws Error where that does not hold: nothing of that month is pruned then; whatever `pg` throws
 */
export async function retain(
  pool: Pick<PgPool, "connect">,
  options: RetainOptions,
): Promise<readonly PrunedMonth[]> {
  const schema = checkUpkeep("retain", pool, options, ["schema", "before", "keepTables"]);
  const before = checkedInstant("before", options.before);
  if (Date.parse(before) > Date.now())
    throw new TypeError(
      `before is ${before}, which is yet to come: events are still received into such months`,
    );
  const months = await onConnection(pool, (query) => monthsBefore(schema, before, query));
  const pruned: PrunedMonth[] = [];
  for (const month of months) {
    const events = await patiently(() =>
      inTransaction(pool, (query) => prune(schema, month, options.keepTables === true, query)),
    );
    pruned.push({ ...month, events });
  }
  return pruned;
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

/** Answers how many events there were. */
async function prune(schema: string, { table }: Month, keepTable: boolean, query: Query): Promise<number> {
  const partition = `${schema}."${table}"`;
  await query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
  // nobody adds to the month, or moves its totals, between what is verified and what is done
  await query(`lock table ${partition} in share mode`);
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
  if (!keepTable) await query(`drop table ${partition}`);
  return countIn(counted, "events");
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
