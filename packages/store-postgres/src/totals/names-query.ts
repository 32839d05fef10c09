import type { NameQuery, SeenName } from "@evt/core/store";
import { Parameters } from "../connection/parameters.js";
import type { PgQuery } from "../connection/pg-pool.js";
import { instant, instantText, text } from "../tables/row-values.js";
import { cellsOfDays } from "./day-total.js";
import { tallyFilter } from "./tally-cells.js";

/**
 * Returns a query that reads a page of names in one statement, so that rollups and tallies are read from one snapshot. If
 * {@link needsEachName}, its rows may lack names.
 */
export function namesQuery(schema: string, query: NameQuery): PgQuery {
  return pageOf(schema, query, seenPage);
}

/** Returns a query for the same page that is correct even if names have no rollups, but slower. */
export function eachNameQuery(schema: string, query: NameQuery): PgQuery {
  return pageOf(schema, query, seenNames);
}

/** Returns true if a seen name has no rollup, for example after a repair. A later name then belongs to the page. */
export function needsEachName(rows: readonly Record<string, unknown>[]): boolean {
  return rows.some((row) => row["first_seen_at"] === null);
}

/** SQL for names with their times. */
interface Names {
  /** Common table expressions. */
  readonly with: string;
  readonly from: string;
}

function pageOf(
  schema: string,
  query: NameQuery,
  seen: (keys: Keys, query: NameQuery, limit: string) => Names,
): PgQuery {
  const parameters = new Parameters();
  const keys: Keys = {
    schema,
    tenant: `tenant_id = ${parameters.add(query.tenantId)}::text`,
    client: query.clientId === undefined ? null : `client_id = ${parameters.add(query.clientId)}::text`,
    names: nameFilter(query, parameters),
    tallies: all(tallyFilter(query, parameters)),
  };
  const limit = `order by name limit ${parameters.add(query.limit)}::int`;
  const folded =
    query.of === "metric" && keys.client !== null
      ? metricsOfClient(keys, keys.client)
      : seen(keys, query, limit);
  const text = `${folded.with}
select name, ${instantText("min(first)")} as first_seen_at, ${instantText("max(last)")} as last_seen_at
  from ((select name, seen.first, seen.last from ${folded.from} ${limit})
         union all
        (select name, min(quarter), max(quarter) from ${cellsOfTallies(keys, query)} group by name ${limit})) as part
 group by name ${limit}`;
  return { text, values: parameters.values };
}

/** Converts a row to a name. */
export function seenName(row: Readonly<Record<string, unknown>>): SeenName {
  return {
    name: text(row["name"]),
    firstSeenAt: instant(row["first_seen_at"]),
    lastSeenAt: instant(row["last_seen_at"]),
  };
}

/** SQL that the parts of the query share. */
interface Keys {
  readonly schema: string;
  /** A condition on the tenant. */
  readonly tenant: string;
  /** A condition on the client, or `null` for all clients. */
  readonly client: string | null;
  /** A condition on `name`. */
  readonly names: string;
  /** A condition on the tallies that have a cell of the client. Empty for all clients. */
  readonly tallies: string;
}

const all = (conditions: readonly (string | null)[]): string =>
  conditions.filter((condition) => condition !== null && condition !== "").join(" and ");

/** SQL conditions for the rollups of seen names, and the column that has the name. */
function rollupsOf({ of }: NameQuery): {
  readonly per: "s" | "m";
  readonly rows: string;
  readonly column: string;
} {
  if (of === "clientId") return { per: "s", rows: "per = 's'", column: "client_id" };
  return { per: "m", rows: "per = 'm' and client_id = ''", column: "metric" };
}

/** Returns a condition on the seen names. */
function seenFilter({ tenant, client, names }: Keys, per: "s" | "m"): string {
  return all([tenant, `per = '${per}'`, client === null ? null : client.replace("client_id", "name"), names]);
}

/** The days at each end that are searched first. Names of dense series have events on them. */
const DAYS_AT_ENDS = 4;

/**
 * Returns SQL for a page of seen names. The key of `day_total` begins with the day, so each day needs one search for all
 * names of the page, which follow one another in the index. Searches some days at both ends of the tenant's days, and all
 * days only for the names whose first or last day may be another.
 */
function seenPage(keys: Keys, query: NameQuery, limit: string): Names {
  const { schema, tenant } = keys;
  const { per, rows, column } = rollupsOf(query);
  const days = (names: string, where: string) => `
  select own.name, min(used.day) as first_day, max(used.day) as last_day
    from used
    join lateral (select ${column} as name from ${schema}.day_total
                   where ${tenant} and ${rows} and day = used.day
                     and ${column} >= (select min(name) from ${names}) and ${column} <= (select max(name) from ${names})
                  offset 0) as own on true
   where ${where} group by own.name`;
  return {
    with: `with
page as materialized (select name from ${schema}.seen_name where ${seenFilter(keys, per)} ${limit}),
used as materialized (${daysOf(schema, tenant)}),
early as materialized (select max(day) as day from (select day from used order by day limit ${DAYS_AT_ENDS}) as day),
late as materialized (select min(day) as day from (select day from used order by day desc limit ${DAYS_AT_ENDS}) as day),
near as materialized (${days("page", "used.day <= (select day from early) or used.day >= (select day from late)")}
),
rest as materialized (
  select name from page left join near using (name)
   where near.name is null or first_day > (select day from early) or last_day < (select day from late)
),
far as materialized (${days("rest", "exists (select from rest)")}
)`,
    from: `page left join near using (name) left join far using (name)
    left join lateral (${timesIn(schema, `${tenant} and ${rows} and ${column} = page.name`, "coalesce(far.first_day, near.first_day), coalesce(far.last_day, near.last_day)")}) as seen on true`,
  };
}

/**
 * Returns SQL for seen names with their times. The key of `day_total` begins with the day, so the first and the last day
 * of a name are searched from both ends of the tenant's days.
 */
function seenNames(keys: Keys, query: NameQuery): Names {
  const { schema, tenant } = keys;
  const { per, rows: rollups, column } = rollupsOf(query);
  const rows = `${tenant} and ${rollups} and ${column} = seen_name.name`;
  const end = (direction: string) => `
         (select used.day from (${daysOf(schema, tenant)} order by day ${direction}) as used
            join lateral (select from ${schema}.day_total where ${rows} and day = used.day limit 1) as own on true
           order by used.day ${direction} limit 1)`;
  return {
    with: "",
    from: `${schema}.seen_name
    join lateral (${timesIn(schema, rows, `${end("asc")},${end("desc")}`)}) as seen on true
   where ${seenFilter(keys, per)}`,
  };
}

/**
 * Returns SQL for the metrics of one client with their times. Reads all days of the client, but no cells except of two
 * days.
 */
function metricsOfClient({ schema, tenant, names }: Keys, client: string): Names {
  const rows = `${tenant} and per = 's' and ${client}`;
  const from = `(
    select own.name, min(used.day) as first_day, max(used.day) as last_day
      from (${daysOf(schema, tenant)}) as used
      join lateral (select metric as name from ${schema}.day_total where ${rows} and day = used.day offset 0) as own on true
     ${names === "" ? "" : `where ${names}`} group by own.name) as named
    join lateral (${timesIn(schema, `${rows} and metric = named.name`, "named.first_day, named.last_day")}) as seen on true`;
  return { with: "", from };
}

/** Returns SQL for the days on which the tenant has events. */
const daysOf = (schema: string, tenant: string): string =>
  `select distinct day from ${schema}.day_total where ${tenant} and per = 'a'`;

/** Returns SQL for the first and the last quarter hour in rows of these days. Returns no row if there is no such quarter hour. */
const timesIn = (schema: string, rows: string, days: string): string => `
      select min(at) as first, max(at) as last
        from (${cellsOfDays(`select * from ${schema}.day_total where ${rows} and day = any(array[${days}])`)}) as cell
      having count(*) > 0`;

/** Returns SQL for the names and quarter hours of the tenant's tallies. */
function cellsOfTallies({ schema, tenant, client, names, tallies }: Keys, { of }: NameQuery): string {
  const column = of === "clientId" ? "client_id" : "metric";
  return `(
    select * from (
      select cell.${column} collate "C" as name, quarter
        from ${schema}.tally, unnest(tally.client_ids, tally.metrics, tally.quarters) as cell (client_id, metric, quarter)
       where ${all([tenant, tallies, client])}) as named ${names === "" ? "" : `where ${names}`}) as cell`;
}

/**
 * Returns a condition on `name`, or `""`. The prefix is a range, because an index serves ranges on every version of
 * Postgres.
 */
function nameFilter({ prefix, after }: NameQuery, parameters: Parameters): string {
  const end = prefix === undefined ? null : endOf(prefix);
  return all([
    after === undefined ? null : `name > ${parameters.add(after)}::text`,
    prefix === undefined ? null : `name >= ${parameters.add(prefix)}::text`,
    end === null ? null : `name < ${parameters.add(end)}::text`,
  ]);
}

const LAST_CODE_POINT = 0x10_ffff;
const FIRST_SURROGATE = 0xd800;
const AFTER_SURROGATES = 0xe000;

/** Returns the first string after all strings with this prefix, by code point. Returns `null` if there is none. */
function endOf(prefix: string): string | null {
  const characters = Array.from(prefix);
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const next = (last.codePointAt(0) ?? LAST_CODE_POINT) + 1;
    if (next > LAST_CODE_POINT) continue;
    return characters.join("") + String.fromCodePoint(next === FIRST_SURROGATE ? AFTER_SURROGATES : next);
  }
  return null;
}
