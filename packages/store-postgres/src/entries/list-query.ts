import type { EntryPage, EntryQuery, ParkedStatus } from "@evt/core";
import { Parameters } from "../connection/parameters.js";
import type { PgQuery } from "../connection/pg-pool.js";
import { openParked } from "../parked/open-parked.js";
import { entryFilter } from "../tables/entry-filter.js";
import {
  IS_OMITTED,
  isOmitted,
  RAW,
  rawBudget,
  smallRaw,
  withinBudget,
  withSmall,
} from "../tables/raw-within-budget.js";
import { bytea } from "../tables/row-values.js";
import { EVENT_ENTRY_COLUMNS, entry, parkedEntryColumns, printedEntry } from "./entry-row.js";

const LATEST_FIRST = "received_at desc, id desc";

/**
 * The entries of a page, and one more: each status is read from an index of its own, only as far as the page goes. What is
 * passed over is neither printed nor sent. Raw texts that all fit at once are read at once: of each entry, its equal share
 * of the budget. Where one is larger, {@link boundedListQuery} tells how far the page goes.
 */
export function listQuery(schema: string, query: EntryQuery, rawChars: number | undefined): PgQuery {
  const parameters = new Parameters();
  const page = pageOf(schema, query, parameters);
  const share = `${parameters.add(Math.floor(rawBudget(rawChars) / (query.limit + 1)))}::bigint`;
  const text = `select ${printedEntry(smallRaw(share))} from (${withSmall(page, share)}) as page
    order by page.received_at desc, page.id desc`;
  return { text, values: parameters.values };
}

/** The entries of a page that ends by the budget, and one more, without its raw text: it tells that more follow. */
export function boundedListQuery(schema: string, query: EntryQuery, rawChars: number): PgQuery {
  const parameters = new Parameters();
  const page = pageOf(schema, query, parameters);
  const budget = `${parameters.add(rawBudget(rawChars))}::bigint`;
  const most = `${parameters.add(query.limit)}::int`;
  const text = `with ${withinBudget(page, LATEST_FIRST, budget, most)}
    select ${printedEntry(RAW)}
      from (select bounded.*, count(*) filter (where ${IS_OMITTED}) over earlier as left_out
              from bounded window earlier as (order by ${LATEST_FIRST} rows between unbounded preceding and 1 preceding)) as shown
     where left_out = 0
     order by shown.received_at desc, shown.id desc`;
  return { text, values: parameters.values };
}

function pageOf(schema: string, query: EntryQuery, parameters: Parameters): string {
  const limit = `${parameters.add(query.limit + 1)}::int`;
  const offset = `${parameters.add(query.skip ?? 0)}::int`;
  const sides = [...new Set(query.statuses)].map((status) => {
    const side =
      status === "processed"
        ? eventSide(schema, query, parameters)
        : parkedSide(schema, status, query, parameters);
    return `(${side} limit ${limit} + ${offset})`;
  });
  return `select * from (${sides.join(" union all ")}) as entry
    order by ${LATEST_FIRST} limit ${limit} offset ${offset}`;
}

/** Whether a raw text is left out that the page may have room for. */
export function needsBudget(
  rows: readonly Record<string, unknown>[],
  rawChars: number | undefined,
): rawChars is number {
  return rawChars !== undefined && rawChars > 0 && rows.some(isOmitted);
}

/** The rows up to one whose raw text does not fit. One row more than the page has tells that more follow. */
export function entryPage(
  rows: readonly Record<string, unknown>[],
  limit: number,
  rawChars: number | undefined,
): EntryPage {
  const end = rawChars === 0 ? -1 : rows.findIndex(isOmitted);
  const fitting = end === -1 ? rows : rows.slice(0, end);
  const entries = fitting.slice(0, limit).map(entry);
  return { entries, more: rows.length > entries.length };
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
