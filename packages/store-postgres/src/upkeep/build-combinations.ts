import { inSessionTransaction } from "../connection/session-transaction.js";
import { type SqlQuery, sessionQuery } from "../connection/transaction.js";
import {
  isSameCombinationGroup,
  PACKED_COMBINATION,
  replaceCombinationTotals,
  valuesOfEvent,
} from "../totals/combination-total.js";
import { cellsOfDays, cellsOfRow, dayOf, quarterOf, START_OF_CELL } from "../totals/day-total.js";
import { foldLock } from "../totals/fold-statement.js";
import { QUARTER_OF_EVENT } from "./compare-totals.js";

/** A step reads about as many events, but at least those of one quarter hour. */
const EVENTS = 20_000;
/** A step reads the rows of at most as many days to find its events. */
const DAYS = 100;
/** Maximum number of gaps that one call fills, so that it ends. The next call continues. */
const MOST_GAPS = 10_000;
/** Maximum number of rows that one step deletes. */
const ROWS = 5_000;
/** A combination is dropped if no process has wanted it for this time. */
const UNWANTED = "7 days";

/** The settings of a step. It ends soon, and the pool's `statement_timeout` is intended for calls with a waiting caller. */
const SETTINGS = "set local statement_timeout = 0; set local lock_timeout = 0; set local jit = off";

/**
 * Begins to keep the totals of new combinations, fills gaps from the events, and drops unwanted combinations. Each step
 * is a transaction that holds the lock of folding, so that each event is added either by the step or by a fold. What a
 * step has filled is no longer in the gap, so a later call continues after it.
 */
export async function buildCombinations(schema: string, query: SqlQuery, events = EVENTS): Promise<void> {
  const inStep: InStep = (work) =>
    inSessionTransaction({ query: sessionQuery(query) }, SETTINGS, async () => {
      await query(`select pg_advisory_xact_lock(${foldLock(schema)})`);
      return work();
    });
  // the step reads all tenants, and waits for the lock
  if (await hasChanges(schema, query)) {
    await inStep(async () => {
      await query(dropSql(schema));
      await query(beginSql(schema));
    });
  }
  // no fold adds to a dropped combination, so this needs no lock
  while (await deleteDropped(schema, query));
  await fillGaps(schema, query, inStep, events);
}

/** Runs one step. */
type InStep = <T>(work: () => Promise<T>) => Promise<T>;

/** Fills all gaps that have events. The transaction of a step must hold the lock of folding. */
export async function fillGaps(
  schema: string,
  query: SqlQuery,
  inStep: InStep = (work) => work(),
  events = EVENTS,
): Promise<void> {
  for (const gap of await query(gapsSql(schema))) {
    let from: unknown = "-infinity";
    while (typeof from === "string") {
      const key = [gap["combination"], gap["tenant_id"], from];
      from = await inStep(() => fillStep(schema, key, events, query));
    }
  }
}

/** Fills the next part of a gap. Returns its end, or `null` if it was the last. */
async function fillStep(
  schema: string,
  key: readonly unknown[],
  events: number,
  query: SqlQuery,
): Promise<unknown> {
  const [combination, tenantId] = key;
  const [part] = await query(partSql(schema), [...key, events, DAYS]);
  if (part === undefined) return null;
  await query(fillSql(schema), [combination, tenantId, part["first"], part["last"]]);
  await query(
    `delete from ${schema}.combination_gap where combination = $1::int and tenant_id = $2::text and isempty(quarters)`,
    [combination, tenantId],
  );
  return part["last"] === "infinity" ? null : part["last"];
}

const IS_UNWANTED = `wanted_at < now() - interval '${UNWANTED}'`;

/** Returns true if there is a new or an unwanted combination. */
async function hasChanges(schema: string, query: SqlQuery): Promise<boolean> {
  const [row] = await query(
    `select exists (select from ${schema}.combination where not is_kept or ${IS_UNWANTED})::text as has_changes`,
  );
  return row?.["has_changes"] === "true";
}

const dropSql = (schema: string) => `delete from ${schema}.combination where ${IS_UNWANTED}`;

/** Nothing was added to the totals of a new combination, so all times of its tenants are a gap. */
const beginSql = (schema: string) => `
with recursive begun as (
  update ${schema}.combination set is_kept = true where not is_kept returning id
),
tenant (id) as (
  select min(tenant_id) from ${schema}.day_total
   union all
  select (select min(tenant_id) from ${schema}.day_total where tenant_id > tenant.id) from tenant where id is not null
)
insert into ${schema}.combination_gap (combination, tenant_id, quarters)
select begun.id, tenant.id, '{(,)}' from begun, tenant where tenant.id is not null order by 1, 2
on conflict (combination, tenant_id) do update set quarters = excluded.quarters`;

/** Deletes some rows of dropped combinations. Returns true if more may be left. */
async function deleteDropped(schema: string, query: SqlQuery): Promise<boolean> {
  const rows = await query(deleteSql(schema));
  await query(
    `delete from ${schema}.combination_gap where combination not in (select id from ${schema}.combination)`,
  );
  return rows.length === ROWS;
}

const deleteSql = (schema: string) => `
with recursive stored (id) as (
  select min(combination) from ${schema}.combination_total
   union all
  select (select min(combination) from ${schema}.combination_total where combination > stored.id) from stored where id is not null
)
delete from ${schema}.combination_total where ctid = any (array(
  select total.ctid
    from stored join ${schema}.combination_total as total on total.combination = stored.id
   where stored.id not in (select id from ${schema}.combination)
   limit ${ROWS}))
returning 1`;

/** SQL for the part of a gap whose events were not pruned. */
const FILLABLE = "gap.quarters - coalesce(pruned.quarters, '{}')";

const gapsSql = (schema: string) => `
select gap.combination::text as combination, gap.tenant_id
  from ${schema}.combination_gap as gap left join ${schema}.pruned using (tenant_id)
 where not isempty(${FILLABLE})
 order by 1, 2 limit ${MOST_GAPS}`;

const todoSql = (schema: string) => `
  select ${FILLABLE} as quarters
    from ${schema}.combination_gap as gap left join ${schema}.pruned using (tenant_id)
   where gap.combination = $1::int and gap.tenant_id = $2::text`;

/**
 * Returns SQL for the next part of a gap: the quarter hours from `first` to before `last`. It has about $4 events in at
 * most $5 days.
 */
const partSql = (schema: string) => `
with todo as materialized (
  select quarters * tstzmultirange(tstzrange(nullif($3::timestamptz, '-infinity'), null)) as quarters from (${todoSql(schema)}) as gap
),
next_day as materialized (
  select day_total.* from ${schema}.day_total, todo
   where tenant_id = $2::text and per = 'a' and not isempty(todo.quarters)
     and day >= coalesce(${dayOf("lower(todo.quarters)")}, '-infinity')
   order by day limit $5::int
),
cell as materialized (
  select at, sum(sum(count)) over (order by at) as events
    from (${cellsOfDays("select * from next_day")}) as cell, todo where todo.quarters @> at group by at
)
select $3::timestamptz::text as first,
       coalesce((select min(at) from cell where events > $4::int and at > (select min(at) from cell)),
                (select (max(day) + 1)::timestamp at time zone 'UTC' from next_day having count(*) = $5::int),
                'infinity')::text as last
  from todo where not isempty(quarters)`;

/**
 * Returns SQL that computes the totals of a part of a gap from its events, and takes it out of the gap. It leaves out
 * quarter hours with tallies: their events are in the snapshot, but a fold will still add them. Such quarter hours
 * remain in the gap.
 */
const fillSql = (schema: string) => `
with todo as materialized (
  select gap.quarters * tstzmultirange(tstzrange(nullif($3::timestamptz, '-infinity'), nullif($4::timestamptz, 'infinity')))
           - coalesce((select range_agg(tstzrange(quarter, quarter + interval '15 minutes'))
                         from ${schema}.tally, unnest(quarters) as quarter where tenant_id = $2::text), '{}') as quarters
    from (${todoSql(schema)}) as gap
),
used_day as materialized (
  select distinct day from ${schema}.day_total
   where tenant_id = $2::text and per = 'a' and day >= ${dayOf("$3::timestamptz")} and day <= ${dayOf("$4::timestamptz")}
     and tstzmultirange(tstzrange(day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC'))
         && (select quarters from todo)
),
before as materialized (
  select total.* from ${schema}.combination_total as total
   where combination = $1::int and tenant_id = $2::text and day in (select day from used_day)
),
cell as (
  select combination, tenant_id, day, client_id, metric, unit, dimension_values, cell.quarter, cell.count, cell.sum, cell.min, cell.max
    from before as total, ${cellsOfRow("total")}
   where not (select quarters from todo) @> ${START_OF_CELL}
   union all
  select combination.id, event.tenant_id, ${dayOf("occurred_at")}, case when by_client then client_id else '' end collate "C",
         case when by_metric then metric else '' end collate "C", coalesce(unit, '') collate "C",
         ${valuesOfEvent("combination", "event")}, ${quarterOf(QUARTER_OF_EVENT)}, 1, amount, amount, amount
    from ${schema}.combination, used_day
    join lateral (select * from ${schema}.event
                   where tenant_id = $2::text
                     and occurred_at >= greatest(used_day.day::timestamp at time zone 'UTC', $3::timestamptz)
                     and occurred_at < least((used_day.day + 1)::timestamp at time zone 'UTC', $4::timestamptz) offset 0) as event
      on (select quarters from todo) @> occurred_at
   where combination.id = $1::int
),${PACKED_COMBINATION},
stored as (${replaceCombinationTotals(schema)}
),
emptied as (
  delete from ${schema}.combination_total as total using before
   where ${isSameCombinationGroup("total", "before")} and not exists (select from packed where ${isSameCombinationGroup("packed", "before")})
)
update ${schema}.combination_gap set quarters = quarters - (select quarters from todo)
 where combination = $1::int and tenant_id = $2::text`;
