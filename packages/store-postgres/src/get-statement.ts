import type { Entry } from "@evt/core";
import { countedAt } from "./counted-failure.js";
import { EVENT_ENTRY_COLUMNS, entry, parkedEntryColumns } from "./entry-row.js";
import type { PgQuery } from "./pg-pool.js";
import type { Prepare, Statement } from "./statement.js";

/** Entries by id, or by the identity they hold. */
export class GetStatement {
  readonly #statement: Statement;

  constructor(schema: string, prepare: Prepare) {
    this.#statement = prepare(sql(schema));
  }

  with(tenantId: string, ids: readonly string[]): PgQuery {
    return this.#statement.with(tenantId, JSON.stringify(ids));
  }
}

export function entriesByOrdinal(
  rows: readonly Record<string, unknown>[],
  count: number,
): readonly (Entry | null)[] {
  const entries = new Array<Entry | null>(count).fill(null);
  for (const row of rows) entries[Number(row["ordinal"])] = entry(row);
  return entries;
}

const sql = (schema: string) => `
with asked as materialized (
  select (ordinality - 1)::text as ordinal, decode(value, 'hex') as id
    from json_array_elements_text($2::json) with ordinality
)
-- whoever holds the identity: also every event whose id is its identity
select asked.ordinal, ${EVENT_ENTRY_COLUMNS}
  from asked
  join ${schema}.claim on claim.tenant_id = $1::text and claim.identity = asked.id
  join ${schema}.event on event.tenant_id = claim.tenant_id and event.received_at = claim.received_at
                      and event.id = coalesce(claim.event_id, claim.identity)
union all
select asked.ordinal, ${EVENT_ENTRY_COLUMNS}
  from asked
  join ${schema}.event on event.tenant_id = $1::text and event.id = asked.id and event.identity is not null
union all
select asked.ordinal, ${parkedEntryColumns(`coalesce(parked.resolved_at, ${countedAt(schema)})`)}
  from asked
  join ${schema}.parked on parked.tenant_id = $1::text and parked.id = asked.id
`;
