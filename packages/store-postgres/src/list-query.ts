import type { EntryPage, EntryQuery } from "@evt/core";
import { EVENT_ENTRY_COLUMNS, entry, PARKED_ENTRY_COLUMNS } from "./entry-row.js";
import { Parameters } from "./parameters.js";
import type { PgQuery } from "./pg-pool.js";
import { bytea } from "./record-columns.js";

/** A page of counted and parked events: each side reads its own index only as far as the page goes. */
export function listQuery(schema: string, query: EntryQuery): PgQuery {
  const parameters = new Parameters();
  const limit = `${parameters.add(query.limit + 1)}::int`;
  const parked = query.statuses.filter((status) => status !== "processed");
  const sides: string[] = [];
  if (parked.length < query.statuses.length) sides.push(eventSide(schema, query, parameters, limit));
  if (parked.length > 0) sides.push(parkedSide(schema, query, parked, parameters, limit));
  // printed alike, instants and hashes sort as text: by code point, not by some language's rules
  const text = `select * from (${sides.join(" union all ")}) as entry
    order by received_at collate "C" desc, id collate "C" desc limit ${limit}`;
  return { text, values: parameters.values };
}

/** One row more than the page was asked for: whether another page follows. */
export function entryPage(rows: readonly Record<string, unknown>[], limit: number): EntryPage {
  return { entries: rows.slice(0, limit).map(entry), more: rows.length > limit };
}

function eventSide(schema: string, query: EntryQuery, parameters: Parameters, limit: string): string {
  const where = filter(query, parameters, "event", "event.occurred_at");
  return `(select ${EVENT_ENTRY_COLUMNS} from ${schema}.event where ${where} order by event.received_at desc, event.id desc limit ${limit})`;
}

function parkedSide(schema: string, query: EntryQuery, statuses: readonly string[], parameters: Parameters, limit: string): string {
  const where = filter(query, parameters, "parked", "coalesce(parked.occurred_at, parked.received_at)");
  const among = `parked.status = any(string_to_array(${parameters.add(statuses.join(","))}::text, ','))`;
  return `(select ${PARKED_ENTRY_COLUMNS} from ${schema}.parked where ${where} and ${among} and parked.resolved_at is null
    order by parked.received_at desc, parked.id desc limit ${limit})`;
}

function filter(query: EntryQuery, parameters: Parameters, table: string, occurredAt: string): string {
  const conditions = [
    `${table}.tenant_id = ${parameters.add(query.tenantId)}::text`,
    query.clientId === undefined ? "" : `${table}.client_id = ${parameters.add(query.clientId)}::text`,
    query.metric === undefined ? "" : `${table}.metric = ${parameters.add(query.metric)}::text`,
    query.from === undefined ? "" : `${occurredAt} >= ${parameters.add(query.from)}::timestamptz`,
    query.to === undefined ? "" : `${occurredAt} < ${parameters.add(query.to)}::timestamptz`,
  ];
  if (query.after !== undefined) {
    const { receivedAt, id } = query.after;
    const position = `(${parameters.add(receivedAt)}::timestamptz, ${parameters.add(bytea(id))}::bytea)`;
    conditions.push(`(${table}.received_at, ${table}.id) < ${position}`);
  }
  return conditions.filter((condition) => condition !== "").join(" and ");
}
