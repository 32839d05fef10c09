import type { EntryPage, EntryQuery, ParkedStatus } from "@evt/core";
import { Parameters } from "../connection/parameters.js";
import type { PgQuery } from "../connection/pg-pool.js";
import { bytea } from "../insert/record-columns.js";
import { openParked } from "../parked/open-parked.js";
import { entryFilter } from "./entry-filter.js";
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
  const where = entryFilter(query, parameters, "event", "event.occurred_at");
  where.push(...afterwards(query, parameters, "event"));
  if (query.visibleTo !== undefined) where.push(`event.client_id = ${parameters.add(query.visibleTo)}::text`);
  // what was counted has no reason
  if (query.reason !== undefined) where.push("false");
  return `select ${EVENT_ENTRY_COLUMNS} from ${schema}.event where ${where.join(" and ")}
    order by event.received_at desc, event.id desc`;
}

function parkedSide(schema: string, status: ParkedStatus, query: EntryQuery, parameters: Parameters): string {
  const where = openParked(schema, status, query, parameters);
  where.push(...afterwards(query, parameters, "parked"));
  return `select ${parkedEntryColumns("parked.resolved_at")} from ${schema}.parked where ${where.join(" and ")}
    order by parked.received_at desc, parked.id desc`;
}

function afterwards({ after }: EntryQuery, parameters: Parameters, table: string): string[] {
  if (after === undefined) return [];
  const receivedAt = `${parameters.add(after.receivedAt)}::timestamptz`;
  return [
    `(${table}.received_at, ${table}.id) < (${receivedAt}, ${parameters.add(bytea(after.id))}::bytea)`,
    // Says nothing new, but by it the months after the position are not even looked at.
    `${table}.received_at <= ${receivedAt}`,
  ];
}
