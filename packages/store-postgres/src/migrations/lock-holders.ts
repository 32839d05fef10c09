import type { SqlQuery } from "../connection/transaction.js";

/** Maximum number of sessions that an error lists. */
const LISTED = 5;

/**
 * Describes up to five sessions that hold locks on tables of the schema, the oldest transaction first. After a wait
 * has ended, Postgres does not show which session blocked it. A session that blocked the whole wait has an old
 * transaction.
 */
export async function lockHolders(quoted: string, query: SqlQuery): Promise<string> {
  const rows = await query(
    `select pg_locks.pid::text, string_agg(distinct relname || ' (' || mode || ')', ', ') as locks, state,
            coalesce(nullif(application_name, ''), 'unnamed') as application,
            extract(epoch from clock_timestamp() - min(xact_start))::int::text as transaction_age,
            extract(epoch from clock_timestamp() - min(query_start))::int::text as query_age
       from pg_locks
       join pg_class on pg_class.oid = relation
       left join pg_stat_activity as activity on activity.pid = pg_locks.pid
      where relnamespace = to_regnamespace($1::text) and relkind in ('r', 'p') and granted
        and database = (select oid from pg_database where datname = current_database())
        and pg_locks.pid <> pg_backend_pid()
      group by pg_locks.pid, state, application_name
      order by min(xact_start) nulls last limit ${LISTED}`,
    [quoted],
  );
  if (rows.length === 0) return "no session holds locks in the schema any more, so try again";
  return `these sessions hold locks in the schema, the oldest first: ${rows.map(described).join("; ")}`;
}

function described(row: Readonly<Record<string, unknown>>): string {
  const { pid, application, state, locks, transaction_age: transaction, query_age: query } = row;
  return `pid ${pid} (${application}, ${state ?? "state hidden"}, query ${query ?? "?"} s old, transaction ${transaction ?? "?"} s old) on ${locks}`;
}
