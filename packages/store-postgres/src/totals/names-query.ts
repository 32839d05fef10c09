import type { NameQuery, SeenName } from "@evt/core/store";
import { Parameters } from "../connection/parameters.js";
import type { PgQuery } from "../connection/pg-pool.js";
import { instant, instantText, text } from "../tables/row-values.js";
import { cellsOfDays } from "./day-total.js";
import { tallyFilter } from "./tally-cells.js";

/**
 * Returns a query that reads a page of names in one statement, so that rollups and tallies are read from one snapshot.
 */
export function namesQuery(schema: string, query: NameQuery): PgQuery {
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
      : seenNames(keys, query);
  const text = `
select name, ${instantText("min(first)")} as first_seen_at, ${instantText("max(last)")} as last_seen_at
  from ((select name, seen.first, seen.last from ${folded} ${limit})
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

/**
 * Returns SQL for clients or metrics of the tenant with their times. The key of `day_total` begins with the day, so the
 * first and the last day of a name are searched from both ends of the tenant's days.
 */
function seenNames({ schema, tenant, client, names }: Keys, { of }: NameQuery): string {
  const per = of === "clientId" ? "s" : "m";
  const key = of === "clientId" ? "client_id = seen_name.name" : "client_id = '' and metric = seen_name.name";
  const rows = `${tenant} and per = '${per}' and ${key}`;
  const end = (direction: string) => `
         (select used.day from (${daysOf(schema, tenant)} order by day ${direction}) as used
            join lateral (select from ${schema}.day_total where ${rows} and day = used.day limit 1) as own on true
           order by used.day ${direction} limit 1)`;
  const seenClient = client === null ? null : client.replace("client_id", "name");
  return `${schema}.seen_name
    join lateral (${timesIn(schema, rows, `${end("asc")},${end("desc")}`)}) as seen on true
   where ${all([tenant, `per = '${per}'`, seenClient, names])}`;
}

/**
 * Returns SQL for the metrics of one client with their times. Reads all days of the client, but no cells except of two
 * days.
 */
function metricsOfClient({ schema, tenant, names }: Keys, client: string): string {
  const rows = `${tenant} and per = 's' and ${client}`;
  return `(
    select own.name, min(used.day) as first_day, max(used.day) as last_day
      from (${daysOf(schema, tenant)}) as used
      join lateral (select metric as name from ${schema}.day_total where ${rows} and day = used.day offset 0) as own on true
     ${names === "" ? "" : `where ${names}`} group by own.name) as named
    join lateral (${timesIn(schema, `${rows} and metric = named.name`, "named.first_day, named.last_day")}) as seen on true`;
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
