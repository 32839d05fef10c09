import type { PgPool } from "../connection/pg-pool.js";
import { inTransaction, onConnection, type SqlQuery } from "../connection/transaction.js";
import { checkSchema } from "../migrations/schema-check.js";
import { instant, instantText, textOrNull } from "../tables/row-values.js";
import {
  cellsOfDays,
  dayOf,
  isSameGroup,
  PACKED,
  quarterOf,
  REPLACED,
  storePacked,
} from "../totals/day-total.js";
import { foldLock } from "../totals/fold-statement.js";
import { QUARTER_MS } from "../totals/tally.js";
import { fillGaps } from "./build-combinations.js";
import {
  differingCombinations,
  differingMonths,
  differingQuarters,
  differingSums,
  inRange,
  monthTouchesRange,
  QUARTER_OF_EVENT,
  touchesRange,
} from "./compare-totals.js";
import { foldAllWithin } from "./fold-all.js";
import { checkedInstant, checkUpkeep, type SchemaOption } from "./upkeep-options.js";

/** Options of {@link recount}. */
export interface RecountOptions extends SchemaOption {
  /**
   * Start of the range of event times, inclusive, at a full quarter hour (UTC). A `Date`, or a string that
   * `AggregationQuery` also accepts; a date without a time means midnight UTC.
   */
  readonly from: string | Date;
  /** End of the range, exclusive, at a full quarter hour (UTC). A date without a time includes that whole day. */
  readonly to: string | Date;
  /** The tenant to check. Default: all tenants. */
  readonly tenantId?: string | undefined;
  /** Whether to replace totals that differ. Inserts wait until the repair is done. @defaultValue false */
  readonly repair?: boolean | undefined;
}

const OPTIONS = Object.keys({
  schema: true,
  from: true,
  to: true,
  tenantId: true,
  repair: true,
} satisfies Record<keyof RecountOptions, true>);

/** A stored total that differs from its events. */
export interface Difference {
  /** The tenant of the total. */
  readonly tenantId: string;
  /** The client of the total, `null` if it adds up all clients. */
  readonly clientId: string | null;
  /** The metric of the total, `null` if it adds up all metrics. */
  readonly metric: string | null;
  /** The unit of the total, `null` if its events have none. */
  readonly unit: string | null;
  /** The dimensions of the total. Absent if the total is not of a combination with dimensions. */
  readonly dimensions?: Readonly<Record<string, string | null>>;
  /** The length of time that the total covers. `quarter` is a quarter hour. */
  readonly span: "quarter" | "day" | "month";
  /** The start of `span`, a canonical instant in UTC. */
  readonly at: string;
  /** The stored total, `null` if there is none. */
  readonly stored: { readonly count: number; readonly sum: string } | null;
  /**
   * The total of the events. For a day, and for all clients or metrics together, it is the sum of the totals by quarter
   * hour, client and metric.
   */
  readonly counted: { readonly count: number; readonly sum: string } | null;
}

/** The result of {@link recount}. */
export interface Recount {
  /** Empty if every total of the range equals its events, to the last digit. */
  readonly differences: readonly Difference[];
  /**
   * Whether the totals were replaced. Totals of pruned events are never replaced, because their events no longer
   * exist.
   */
  readonly repaired: boolean;
}

const WORDS: Readonly<Record<string, Difference["span"]>> = { q: "quarter", d: "day", m: "month" };

/**
 * Counts the events of a range again and compares every total of the range with them. For quarter hours with pruned
 * events, it only checks that the total is not smaller than the total of the remaining events. Each comparison reads
 * one snapshot, so inserts can continue meanwhile. With `repair`, inserts wait.
 * @throws TypeError if an option is unknown or invalid
 * @throws any error that `pg` throws
 * @example
 * ```ts
 * const { differences } = await recount(pool, { from: "2026-11-01", to: "2026-11-30" });
 * if (differences.length > 0) await recount(pool, { from: "2026-11-01", to: "2026-11-30", repair: true });
 * ```
 */
export async function recount(pool: Pick<PgPool, "connect">, options: RecountOptions): Promise<Recount> {
  const schema = checkUpkeep("recount", pool, options, OPTIONS);
  const range: Range = {
    from: wholeQuarter("from", options.from, "start"),
    to: wholeQuarter("to", options.to, "end"),
    tenantId: options.tenantId ?? null,
  };
  if (Date.parse(range.from) >= Date.parse(range.to))
    throw new TypeError(`from is ${range.from} and to ${range.to}; the range must end after it begins`);
  await onConnection(pool, (query) => checkSchema(schema, query));
  return inTransaction(pool, async (query) => {
    if (options.repair === true) await blockInserts(schema, query);
    const differences = await differencesIn(schema, range, query);
    const repaired = options.repair === true && differences.length > 0;
    if (repaired) {
      await replaceTotals(schema, range, query);
      await unsealMonths(schema, range, query);
      await recomputeCombinations(schema, range, query);
    }
    return { differences, repaired };
  });
}

interface Range {
  readonly from: string;
  readonly to: string;
  readonly tenantId: string | null;
}

function wholeQuarter(name: string, value: string | Date, edge: "start" | "end"): string {
  const text = checkedInstant(name, value, edge);
  // an instant with microseconds is longer than the start of a quarter hour
  if (Date.parse(text) % QUARTER_MS === 0 && text.length === 24) return text;
  throw new TypeError(`${name} is ${text}; it must be a full quarter hour (UTC)`);
}

/** Folds existing tallies and blocks further inserts until the transaction ends. */
async function blockInserts(schema: string, query: SqlQuery): Promise<void> {
  await query(`select pg_advisory_xact_lock(${foldLock(schema)})`);
  await query(`lock table ${schema}.tally in exclusive mode`);
  await foldAllWithin(schema, query);
}

async function differencesIn(
  schema: string,
  { from, to, tenantId }: Range,
  query: SqlQuery,
): Promise<Difference[]> {
  const values = [from, to, tenantId];
  const quarters = await query(shown(differingQuarters(schema, quartersOf(schema))), values);
  const sums = await query(
    shown(`select * from (${differingSums(schema, touchesRange)}) as differing ${IN_DAYS}`),
    values,
  );
  const months = await query(shown(differingMonths(schema, monthTouchesRange)), values);
  const combinations = await query(shownCombinations(schema), values);
  return [...quarters, ...sums, ...months, ...combinations].map(difference);
}

const shownCombinations = (schema: string) => `
select tenant_id, client_id, metric, unit, dimensions, span::text, ${instantText("at")} as at,
       stored_count::text, trim_scale(stored_sum)::text as stored_sum, folded_count::text, trim_scale(folded_sum)::text as folded_sum
  from (${differingCombinations(schema, quartersOf(schema))}) as differing
 order by span desc, at, tenant_id, client_id, metric, unit, dimensions`;

/** Days are compared completely, quarter hours only within the range. */
const IN_DAYS = "where span = 'd' or at >= $1::timestamptz and at < $2::timestamptz";

/** Every quarter hour of the range that has an event or a total. */
const quartersOf = (schema: string): string => `
  select tenant_id, at as quarter
    from (${cellsOfDays(`select * from ${schema}.day_total where per = 's' and ${touchesRange}`)}) as cell where ${inRange("at")}
   union
  select tenant_id, quarter from ${schema}.tally, unnest(quarters) as quarter where ${inRange("quarter")}
   union
  select tenant_id, ${QUARTER_OF_EVENT} from ${schema}.event where ${inRange("occurred_at")}`;

const shown = (differing: string): string => `
select tenant_id, case when per = 's' then client_id end as client_id,
       case when per in ('s', 'm') then metric end as metric, nullif(unit, '') as unit, span::text, ${instantText("at")} as at,
       stored_count::text, trim_scale(stored_sum)::text as stored_sum, folded_count::text, trim_scale(folded_sum)::text as folded_sum
  from (${differing}) as differing order by span desc, at, tenant_id, per desc, client_id, metric, unit`;

function difference(row: Readonly<Record<string, unknown>>): Difference {
  const total = (count: unknown, sum: unknown) =>
    count === null ? null : { count: Number(count), sum: String(sum) };
  return {
    tenantId: String(row["tenant_id"]),
    clientId: textOrNull(row["client_id"]),
    metric: textOrNull(row["metric"]),
    unit: textOrNull(row["unit"]),
    ...(typeof row["dimensions"] === "string" && { dimensions: JSON.parse(row["dimensions"]) }),
    span: WORDS[String(row["span"])] as Difference["span"],
    at: instant(row["at"]),
    stored: total(row["stored_count"], row["stored_sum"]),
    counted: total(row["folded_count"], row["folded_sum"]),
  };
}

/**
 * Replaces the totals of every day that the range touches. Computes them from the events of the range, and from the
 * stored cells outside the range and in pruned quarter hours.
 */
async function replaceTotals(schema: string, { from, to, tenantId }: Range, query: SqlQuery): Promise<void> {
  const isPruned = (at: string) =>
    `exists (select from ${schema}.pruned where pruned.tenant_id = part.tenant_id and pruned.quarters @> ${at})`;
  await query(
    `with cell as (
  select tenant_id, day, quarter, client_id, metric, unit, count, sum, min, max
    from (${cellsOfDays(`select * from ${schema}.day_total where per = 's' and ${touchesRange}`)}) as part
   where not (${inRange("at")}) or ${isPruned("at")}
   union all
  select tenant_id, ${dayOf("occurred_at")}, ${quarterOf(QUARTER_OF_EVENT)}, client_id, metric, coalesce(unit, ''), 1, amount, amount, amount
    from ${schema}.event as part where ${inRange("occurred_at")} and not ${isPruned("occurred_at")}
),${PACKED},
stored as (${storePacked(schema, REPLACED)}
)
delete from ${schema}.day_total as total
 where ${touchesRange} and not exists (select from packed where ${isSameGroup("packed", "total")})`,
    [from, to, tenantId],
  );
}

/** Computes the totals of combinations again, in all quarter hours of the range that have no pruned events. */
async function recomputeCombinations(
  schema: string,
  { from, to, tenantId }: Range,
  query: SqlQuery,
): Promise<void> {
  await query(
    `
insert into ${schema}.combination_gap as gap (combination, tenant_id, quarters)
select id, tenant_id, tstzmultirange(tstzrange($1::timestamptz, $2::timestamptz)) - coalesce(pruned.quarters, '{}')
  from ${schema}.combination
  cross join (select distinct tenant_id from ${schema}.day_total where ${touchesRange}
               union select distinct tenant_id from ${schema}.combination_total where ${touchesRange}) as tenant
  left join ${schema}.pruned using (tenant_id)
 where is_kept
on conflict (combination, tenant_id) do update set quarters = gap.quarters + excluded.quarters`,
    [from, to, tenantId],
  );
  await fillGaps(schema, query);
}

/** Removes the totals of the months that the range touches. `maintain` computes them again. */
async function unsealMonths(schema: string, { from, to, tenantId }: Range, query: SqlQuery): Promise<void> {
  for (const table of ["month_total", "sealed_month"])
    await query(`delete from ${schema}.${table} where ${monthTouchesRange}`, [from, to, tenantId]);
}
