import type { PgPool } from "../connection/pg-pool.js";
import { inTransaction, onConnection, type Query } from "../connection/transaction.js";
import { checkSchema } from "../migrations/schema-check.js";
import { instant, instantText, textOrNull } from "../tables/row-values.js";
import { foldLock } from "../totals/fold-statement.js";
import { ROLLUP_COLUMNS, rollupsOf, summedTo, sumsOver } from "../totals/rollup-groupings.js";
import { ROLLUP_SPANS, type RollupSpan } from "../totals/rollup-spans.js";
import { QUARTER_MS } from "../totals/tally.js";
import {
  ARE_QUARTERS,
  differingQuarters,
  differingSums,
  inRange,
  QUARTER_OF_EVENT,
} from "./compare-totals.js";
import { foldAllWithin } from "./fold-all.js";
import { checkedInstant, checkUpkeep, type SchemaOption } from "./upkeep-options.js";

export interface RecountOptions extends SchemaOption {
  /** By event time, `from ≤ t < to`; both at a full quarter of an hour (UTC). A bare date is when it begins, as `to` as well. */
  readonly from: string | Date;
  readonly to: string | Date;
  /** Default: every tenant. */
  readonly tenantId?: string;
  /** Whether totals that differ are made anew. Nobody inserts meanwhile. @defaultValue false */
  readonly repair?: boolean;
}

/** A total that said otherwise than what it is the total of. */
export interface Difference {
  readonly tenantId: string;
  /** `null`: of all of them together, like `metric`. */
  readonly clientId: string | null;
  readonly metric: string | null;
  /** Of how long a time, and when that begins. */
  readonly span: "quarter" | "three hours" | "day" | "month";
  readonly at: string;
  /** What the total said; `null` where there was none. */
  readonly told: { readonly count: number; readonly sum: string } | null;
  /** What the events say; of a longer span, or of clients or metrics together, what their quarters do. */
  readonly counted: { readonly count: number; readonly sum: string } | null;
}

export interface Recount {
  /** None: every total of the range is the fold over its events, to the last digit. */
  readonly differences: readonly Difference[];
  /** Whether they were made anew. What events that were pruned went into nobody can count again: it stays. */
  readonly repaired: boolean;
}

const WORDS: Readonly<Record<string, Difference["span"]>> = {
  q: "quarter",
  t: "three hours",
  d: "day",
  m: "month",
};

/**
 * Counts the events of a range again, and holds every total of it against them, at one instant. Of quarters of which
 * events were pruned it can only tell that the total is no less than what is left. Beside any load.
 * @throws TypeError where an option cannot be meant; whatever `pg` throws
 */
export async function recount(pool: Pick<PgPool, "connect">, options: RecountOptions): Promise<Recount> {
  const schema = checkUpkeep("recount", pool, options, ["schema", "from", "to", "tenantId", "repair"]);
  const range: Range = {
    from: wholeQuarter("from", options.from),
    to: wholeQuarter("to", options.to),
    tenantId: options.tenantId ?? null,
  };
  if (Date.parse(range.from) >= Date.parse(range.to))
    throw new TypeError(`from is ${range.from} and to ${range.to}; the range must end after it begins`);
  await onConnection(pool, (query) => checkSchema(schema, query));
  return inTransaction(pool, async (query) => {
    if (options.repair === true) await nobodyWrites(schema, query);
    const differences = await differencesIn(schema, range, query);
    const repaired = options.repair === true && differences.length > 0;
    if (repaired) await makeAnew(schema, range, query);
    return { differences, repaired };
  });
}

interface Range {
  readonly from: string;
  readonly to: string;
  readonly tenantId: string | null;
}

function wholeQuarter(name: string, value: string | Date): string {
  const text = checkedInstant(name, value);
  if (Date.parse(text) % QUARTER_MS === 0) return text;
  throw new TypeError(`${name} is ${text}; it must be a full quarter of an hour (UTC)`);
}

/** What is tallied by then is folded, and what comes later waits. */
async function nobodyWrites(schema: string, query: Query): Promise<void> {
  await query(`select pg_advisory_xact_lock(${foldLock(schema)})`);
  await query(`lock table ${schema}.tally in exclusive mode`);
  await foldAllWithin(schema, query);
}

async function differencesIn(schema: string, range: Range, query: Query): Promise<Difference[]> {
  const quarters = differingQuarters(schema, quartersOf(schema));
  const found = await query(shown(quarters), [range.from, range.to, range.tenantId]);
  for (const span of ROLLUP_SPANS) {
    const values = [...wholeSpans(span, range), range.tenantId];
    found.push(...(await query(shown(differingSums(schema, span, inRange)), values)));
  }
  return found.map(difference);
}

/** Every quarter of the range that has an event or a total. */
const quartersOf = (schema: string): string => `
  select tenant_id, at as quarter from ${schema}.rollup where ${ARE_QUARTERS} and ${inRange("at")}
   union
  select tenant_id, quarter from ${schema}.tally, unnest(quarters) as quarter where ${inRange("quarter")}
   union
  select tenant_id, ${QUARTER_OF_EVENT} from ${schema}.event where ${inRange("occurred_at")}`;

const shown = (differing: string): string => `
select tenant_id, case when per in ('b', 'c') then client_id end as client_id,
       case when per in ('b', 'm') then metric end as metric, span::text, ${instantText("at")} as at,
       told_count::text, trim_scale(told_sum)::text as told_sum, folded_count::text, trim_scale(folded_sum)::text as folded_sum
  from (${differing}) as differing order by span, at, tenant_id, per, client_id, metric`;

function difference(row: Readonly<Record<string, unknown>>): Difference {
  const total = (count: unknown, sum: unknown) =>
    count === null ? null : { count: Number(count), sum: String(sum) };
  return {
    tenantId: String(row["tenant_id"]),
    clientId: textOrNull(row["client_id"]),
    metric: textOrNull(row["metric"]),
    span: WORDS[String(row["span"])] as Difference["span"],
    at: instant(row["at"]),
    told: total(row["told_count"], row["told_sum"]),
    counted: total(row["folded_count"], row["folded_sum"]),
  };
}

/** The spans that the range touches, as a whole. */
function wholeSpans({ floor, ceil }: RollupSpan, { from, to }: Range): [from: string, to: string] {
  return [instantOf(floor(Date.parse(from))), instantOf(ceil(Date.parse(to)))];
}

/** Year 10000 begins where the last month ends; ISO 8601 writes it `+010000`, Postgres `10000`. */
const instantOf = (ms: number): string => new Date(ms).toISOString().replace("+0", "");

async function makeAnew(schema: string, range: Range, query: Query): Promise<void> {
  const values = [range.from, range.to, range.tenantId];
  const isPruned = (at: string) =>
    `exists (select from ${schema}.pruned where pruned.tenant_id = made.tenant_id and pruned.quarters @> ${at})`;
  await query(
    `delete from ${schema}.rollup as made where ${ARE_QUARTERS} and ${inRange("at")} and not ${isPruned("at")}`,
    values,
  );
  await query(
    `insert into ${schema}.rollup (${ROLLUP_COLUMNS})
     select tenant_id, 'b', 'q', ${QUARTER_OF_EVENT}, client_id, metric, count(*), sum(amount), min(amount), max(amount)
       from ${schema}.event as made
      where ${inRange("occurred_at")} and not ${isPruned(QUARTER_OF_EVENT)}
      group by 1, 4, 5, 6`,
    values,
  );
  for (const span of ROLLUP_SPANS) await sumQuarters(schema, span, range, query);
}

/** All else that a span has is what its quarters by client and metric come to. */
async function sumQuarters(schema: string, span: RollupSpan, range: Range, query: Query): Promise<void> {
  const values = [...wholeSpans(span, range), range.tenantId];
  const { letter } = span;
  await query(
    `delete from ${schema}.rollup where span = '${letter}' and not (${ARE_QUARTERS}) and ${inRange("at")}`,
    values,
  );
  const made = letter === "q" ? sumsOver : rollupsOf;
  await query(
    `with folded as materialized (${summedTo(span, "at", `${schema}.rollup where ${ARE_QUARTERS} and ${inRange("at")}`)})
     insert into ${schema}.rollup (${ROLLUP_COLUMNS}) ${made(letter, "folded")}`,
    values,
  );
}
