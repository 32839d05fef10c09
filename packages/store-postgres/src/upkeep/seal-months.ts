import { inSessionTransaction } from "../connection/session-transaction.js";
import { type SqlQuery, sessionQuery } from "../connection/transaction.js";
import { foldLock } from "../totals/fold-statement.js";
import { computedMonth, monthOf } from "../totals/month-total.js";

/** A month is sealed this long after its end, because most late events have arrived by then. */
const AFTER_END = "1 day";
/**
 * Maximum number of rows of the month's largest day that one step reads. A step reads fewer rows of most other days.
 */
const ROWS_PER_DAY = 500;
/** Maximum number of months that one call seals, so that the call ends. The next call continues. */
const MOST_MONTHS = 10_000;

interface Month {
  readonly tenantId: string;
  /** The first day, `YYYY-MM-DD`. */
  readonly month: string;
}

/**
 * Computes the totals by client of months that have ended. Each step is a transaction for some clients of one month. A
 * step holds the lock that folding needs. So the totals contain everything that was folded before the step, and later
 * folds add to them.
 */
export async function sealMonths(schema: string, now: Date, query: SqlQuery): Promise<void> {
  for (const month of await monthsToSeal(schema, now, query)) while (!(await sealStep(schema, month, query)));
}

async function monthsToSeal(schema: string, now: Date, query: SqlQuery): Promise<readonly Month[]> {
  const rows = await query(
    `
with recursive tenant (id) as (
  select min(tenant_id) from ${schema}.day_total
   union all
  select (select min(tenant_id) from ${schema}.day_total where tenant_id > tenant.id) from tenant where id is not null
)
select tenant.id as tenant_id, to_char(month, 'YYYY-MM-DD') as month
  from tenant cross join lateral (
         select distinct ${monthOf("day")} as month from ${schema}.day_total
          where tenant_id = tenant.id and per = 'a'
            and day < ${monthOf(`($1::timestamptz - interval '${AFTER_END}') at time zone 'UTC'`)}) as used
 where not exists (select from ${schema}.sealed_month as sealed
                    where sealed.tenant_id = tenant.id and sealed.month = used.month and built_to is null)
 limit ${MOST_MONTHS}`,
    [now.toISOString()],
  );
  return rows.map((row) => ({ tenantId: String(row["tenant_id"]), month: String(row["month"]) }));
}

/**
 * The settings of a step. The pool's `statement_timeout` is intended for calls whose caller waits, and a step ends soon
 * without it.
 */
const SETTINGS = "set local statement_timeout = 0; set local lock_timeout = 0; set local jit = off";

/** Computes the totals of the next clients of a month. Returns true if no client is left. */
function sealStep(schema: string, { tenantId, month }: Month, query: SqlQuery): Promise<boolean> {
  return inSessionTransaction({ query: sessionQuery(query) }, SETTINGS, async () => {
    await query(`select pg_advisory_xact_lock(${foldLock(schema)})`);
    const key = [tenantId, month];
    await query(
      `insert into ${schema}.sealed_month (tenant_id, month, built_to) values ($1::text, $2::date, '') on conflict do nothing`,
      key,
    );
    const [sealed] = await query(
      `select built_to from ${schema}.sealed_month where tenant_id = $1::text and month = $2::date`,
      key,
    );
    const first = sealed?.["built_to"];
    if (typeof first !== "string") return true;
    const [next] = await query(nextClient(schema), [...key, first]);
    const last = next?.["client_id"];
    if (typeof last === "string")
      await query(computed(schema, "and client_id < $4::text"), [...key, first, last]);
    else await query(computed(schema), [...key, first]);
    await query(
      `update ${schema}.sealed_month set built_to = $3::text where tenant_id = $1::text and month = $2::date`,
      [...key, last ?? null],
    );
    return last === undefined;
  });
}

const DAYS_OF_MONTH =
  "tenant_id = $1::text and per = 'a' and day >= $2::date and day < ($2::date + interval '1 month')::date";

/** Returns SQL for the client that the next step begins with. It has no row if this step is the last. */
const nextClient = (schema: string) => `
select client_id
  from (select day from ${schema}.day_total where ${DAYS_OF_MONTH} order by count desc limit 1) as largest
  join lateral (select client_id from ${schema}.day_total
                 where tenant_id = $1::text and per = 's' and day = largest.day and client_id > $3::text
                 order by client_id offset ${ROWS_PER_DAY} limit 1) as next on true`;

/** Returns SQL that computes the totals of the clients from `$3` on. */
const computed = (schema: string, before = "") =>
  computedMonth(
    schema,
    "$2::date",
    `select total.*
       from (select distinct day from ${schema}.day_total where ${DAYS_OF_MONTH}) as used
       join lateral (select * from ${schema}.day_total
                      where tenant_id = $1::text and per = 's' and day = used.day and client_id >= $3::text ${before}
                     offset 0) as total on true`,
  );
