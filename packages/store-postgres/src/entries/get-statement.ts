import type { Entry } from "@evt/core/store";
import type { PgQuery } from "../connection/pg-pool.js";
import type { Prepare, Statement } from "../connection/statement.js";
import { resolvedAtOf } from "../parked/open-failure.js";
import { eventOfId, parkedOf } from "../tables/lookup-joins.js";
import { RAW, rawBudget, withinBudget } from "../tables/raw-within-budget.js";
import { EVENT_ENTRY_COLUMNS, entry, parkedEntryColumns, printedEntry } from "./entry-row.js";

/** Reads entries by their IDs. */
export class GetStatement {
  readonly #statement: Statement;

  constructor(schema: string, prepare: Prepare) {
    this.#statement = prepare(sql(schema));
  }

  with(tenantId: string, ids: readonly string[], rawChars: number | undefined): PgQuery {
    return this.#statement.with(tenantId, JSON.stringify(ids), rawBudget(rawChars));
  }
}

/** Returns one entry for each of the `count` IDs, in the order of the IDs. For an unknown ID, the entry is `null`. */
export function entriesByOrdinal(
  rows: readonly Record<string, unknown>[],
  count: number,
): readonly (Entry | null)[] {
  const entries = new Array<Entry | null>(count).fill(null);
  for (const row of rows) entries[Number(row["ordinal"])] = entry(row);
  return entries;
}

const sql = (schema: string) => `
with wanted as materialized (
  select ordinality - 1 as ordinal, decode(value, 'hex') as id
    from json_array_elements_text($2::json) with ordinality
),
${withinBudget(
  `select wanted.ordinal, ${EVENT_ENTRY_COLUMNS}
     from wanted
     ${eventOfId(schema, "$1::text", "wanted.id")}
   union all
   select wanted.ordinal, ${parkedEntryColumns(`coalesce(parked.resolved_at, ${resolvedAtOf(schema)})`)}
     from wanted
     ${parkedOf(schema, "$1::text", "wanted.id")}`,
  "ordinal",
  "$3::bigint",
)}
select ordinal::text as ordinal, ${printedEntry(RAW)} from bounded
`;
