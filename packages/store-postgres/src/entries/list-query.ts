import type { EntryPage, EntryQuery, EntryStatus } from "@evt/core";
import { Parameters } from "../connection/parameters.js";
import type { PgQuery } from "../connection/pg-pool.js";
import { bytea } from "../insert/record-columns.js";
import { isUncounted } from "../parked/counted-failure.js";
import { EVENT_ENTRY_COLUMNS, entry, parkedEntryColumns } from "./entry-row.js";

/** A page of counted and parked events: each status is read from an index of its own, only as far as the page goes. */
export function listQuery(schema: string, query: EntryQuery): PgQuery {
  const parameters = new Parameters();
  const limit = `${parameters.add(query.limit + 1)}::int`;
  const sides = [...new Set(query.statuses)].map((status) => {
    const side =
      status === "processed"
        ? eventSide(schema, query, parameters)
        : parkedSide(schema, status, query, parameters);
    return `(${side} limit ${limit})`;
  });
  // Printed alike, instants and hashes sort as text: by code point, not by some language's rules.
  const text = `select * from (${sides.join(" union all ")}) as entry
    order by received_at collate "C" desc, id collate "C" desc limit ${limit}`;
  return { text, values: parameters.values };
}

/** One row more than the page was asked for: whether another page follows. */
export function entryPage(rows: readonly Record<string, unknown>[], limit: number): EntryPage {
  return { entries: rows.slice(0, limit).map(entry), more: rows.length > limit };
}

function eventSide(schema: string, query: EntryQuery, parameters: Parameters): string {
  const where = filter(query, parameters, "event", "event.occurred_at");
  return `select ${EVENT_ENTRY_COLUMNS} from ${schema}.event where ${where.join(" and ")}
    order by event.received_at desc, event.id desc`;
}

function parkedSide(schema: string, status: EntryStatus, query: EntryQuery, parameters: Parameters): string {
  const where = filter(query, parameters, "parked", "coalesce(parked.occurred_at, parked.received_at)");
  where.push(`parked.status = ${parameters.add(status)}::text`, "parked.resolved_at is null");
  if (status === "failed") where.push(isUncounted(schema));
  return `select ${parkedEntryColumns("parked.resolved_at")} from ${schema}.parked where ${where.join(" and ")}
    order by parked.received_at desc, parked.id desc`;
}

function filter(query: EntryQuery, parameters: Parameters, table: string, occurredAt: string): string[] {
  const { tenantId, clientId, metric, from, to, after } = query;
  const where = [`${table}.tenant_id = ${parameters.add(tenantId)}::text`];
  if (clientId !== undefined) where.push(`${table}.client_id = ${parameters.add(clientId)}::text`);
  if (metric !== undefined) where.push(`${table}.metric = ${parameters.add(metric)}::text`);
  if (from !== undefined) where.push(`${occurredAt} >= ${parameters.add(from)}::timestamptz`);
  if (to !== undefined) where.push(`${occurredAt} < ${parameters.add(to)}::timestamptz`);
  if (after !== undefined) {
    const receivedAt = `${parameters.add(after.receivedAt)}::timestamptz`;
    where.push(
      `(${table}.received_at, ${table}.id) < (${receivedAt}, ${parameters.add(bytea(after.id))}::bytea)`,
    );
    // Says nothing new, but by it the months after the position are not even looked at.
    where.push(`${table}.received_at <= ${receivedAt}`);
  }
  return where;
}
