import type { EntryPage, EntryQuery, ParkedStatus } from "@evt/core/store";
import { Parameters } from "../connection/parameters.js";
import type { PgQuery } from "../connection/pg-pool.js";
import { openParkedFilter } from "../parked/open-parked-filter.js";
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
 * Returns a query for the entries of a page and the next entry, if there is one. The query reads each status
 * separately, only as far as the page needs. It neither formats nor sends skipped rows.
 *
 * Each entry gets an equal share of the budget for raw JSON. If the raw JSON of an entry is larger than this share,
 * the query omits it, and {@link needsBudget} shows whether {@link boundedListQuery} is needed.
 */
export function listQuery(schema: string, query: EntryQuery, rawChars: number | undefined): PgQuery {
  const parameters = new Parameters();
  const page = pageOf(schema, query, parameters);
  const share = `${parameters.add(Math.floor(rawBudget(rawChars) / (query.limit + 1)))}::bigint`;
  const text = `select ${printedEntry(smallRaw(share))} from (${withSmall(page, share)}) as page
    order by page.received_at desc, page.id desc`;
  return { text, values: parameters.values };
}

/**
 * Returns a query for the same page with another use of the budget: each entry may use what the earlier entries left.
 * The page ends before the first entry whose raw JSON does not fit. The query also reads this entry, without its raw
 * JSON.
 */
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

/** Returns true if the query omitted raw JSON that may fit into the page's budget. */
export function needsBudget(
  rows: readonly Record<string, unknown>[],
  rawChars: number | undefined,
): rawChars is number {
  return rawChars !== undefined && rawChars > 0 && rows.some(isOmitted);
}

/**
 * Returns the first `limit` entries, or only the entries before the first one whose raw JSON was omitted. If
 * `rawChars` is 0, omitted raw JSON does not end the page. `more` is true if other rows follow.
 */
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
  where.push(...afterPosition(query, parameters, "event"));
  if (query.visibleTo !== undefined) where.push(`event.client_id = ${parameters.add(query.visibleTo)}::text`);
  // counted events have no reason
  if (query.reason !== undefined) where.push("false");
  return `select ${EVENT_ENTRY_COLUMNS} from ${schema}.event where ${where.join(" and ")}
    order by event.received_at desc, event.id desc`;
}

function parkedSide(schema: string, status: ParkedStatus, query: EntryQuery, parameters: Parameters): string {
  const where = openParkedFilter(schema, status, query, parameters);
  where.push(...afterPosition(query, parameters, "parked"));
  return `select ${parkedEntryColumns("parked.resolved_at")} from ${schema}.parked where ${where.join(" and ")}
    order by parked.received_at desc, parked.id desc`;
}

function afterPosition({ after }: EntryQuery, parameters: Parameters, table: string): string[] {
  if (after === undefined) return [];
  const receivedAt = `${parameters.add(after.receivedAt)}::timestamptz`;
  return [
    `(${table}.received_at, ${table}.id) < (${receivedAt}, ${parameters.add(bytea(after.id))}::bytea)`,
    // This condition is redundant, but Postgres needs it to skip the partitions after the position.
    `${table}.received_at <= ${receivedAt}`,
  ];
}
