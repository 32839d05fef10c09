import type { Claim, EventRecord, StoredEvent } from "@evt/core";
import { EVENT_COLUMNS, hex, instant, instantText, storedEvent } from "./entry-row.js";
import { claimOf, eventOfClaim } from "./lookups.js";
import type { PgQuery } from "./pg-pool.js";
import { bytea } from "./record-columns.js";
import { resolveFailures } from "./resolve-failures.js";
import type { Prepare, Statement } from "./statement.js";

export interface Holder {
  readonly claim: Claim;
  /** `null` where it was pruned. */
  readonly event: StoredEvent | null;
}

/**
 * Who holds the identities that an insert found taken. A statement of its own: a claim that was skipped may be newer
 * than the insert's snapshot, and invisible to it. Resolves failures of the same content on the way: a resend that
 * turns out a duplicate settles them as one that is counted does.
 */
export class HoldersStatement {
  readonly #statement: Statement;

  constructor(schema: string, prepare: Prepare) {
    this.#statement = prepare(sql(schema));
  }

  with(records: readonly EventRecord[]): PgQuery {
    const asked = records.map(({ tenantId, identity, fingerprint, receivedAt }, n) => {
      return { n, t: tenantId, i: bytea(identity), f: bytea(fingerprint), r: receivedAt };
    });
    return this.#statement.with(JSON.stringify(asked));
  }
}

/** By the ordinal of the record; a claim that has gone meanwhile has none. */
export function holdersByOrdinal(rows: readonly Record<string, unknown>[]): ReadonlyMap<number, Holder> {
  return new Map(rows.map((row) => [Number(row["ordinal"]), holder(row)]));
}

function holder(row: Record<string, unknown>): Holder {
  const claim: Claim = {
    id: hex(row["claim_id"]),
    receiptId: hex(row["claim_receipt"]),
    receivedAt: instant(row["claim_received_at"]),
    fingerprint: hex(row["claim_fingerprint"]),
  };
  return { claim, event: row["id"] === null ? null : storedEvent(row) };
}

const sql = (schema: string) => `
with asked as materialized (
  select n, t, i, f, r from json_to_recordset($1::json) as record (n integer, t text, i bytea, f bytea, r timestamptz)
),
resolved as (
  ${resolveFailures(
    schema,
    `select asked.t, asked.i, asked.f, asked.r from asked ${claimOf(schema, "asked.t", "asked.i")}
      where coalesce(claim.fingerprint, claim.identity) = asked.f`,
  )}
)
select asked.n::text as ordinal,
       encode(coalesce(claim.event_id, claim.identity), 'hex') as claim_id,
       replace(claim.receipt_id::text, '-', '') as claim_receipt,
       ${instantText("claim.received_at")} as claim_received_at,
       encode(coalesce(claim.fingerprint, claim.identity), 'hex') as claim_fingerprint,
       ${EVENT_COLUMNS}
  from asked
  ${claimOf(schema, "asked.t", "asked.i")}
  left ${eventOfClaim(schema)}
`;
