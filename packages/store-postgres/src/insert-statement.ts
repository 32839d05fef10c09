import type { EventRecord } from "@evt/core";
import type { PgQuery } from "./pg-pool.js";
import { RECORD_COLUMNS, recordColumns } from "./record-columns.js";
import { resolveFailures } from "./resolve-failures.js";
import type { Prepare, Statement } from "./statement.js";

/**
 * The one statement of an insert, autocommitted: claims the identities, stores the events of the claims it won, moves
 * their totals and resolves their parked failures; all of it or nothing, in one round trip.
 */
export class InsertStatement {
  readonly #plain: Statement;
  readonly #lapsing: Statement;

  constructor(schema: string, prepare: Prepare) {
    this.#plain = prepare(sql(schema, PLAIN));
    this.#lapsing = prepare(sql(schema, LAPSING));
  }

  /** No identity of a tenant may stand in `records` twice: one command cannot claim it twice. */
  with(records: readonly EventRecord[], slot: number): PgQuery {
    const statement = records.some((record) => record.lapsesAt !== null) ? this.#lapsing : this.#plain;
    return statement.with(...recordColumns(records), slot);
  }
}

/** The ordinals of the records that won their claim. */
export function wonOrdinals(rows: readonly Record<string, unknown>[]): readonly number[] | "all" {
  const { all_won, won } = rows[0] ?? {};
  if (all_won === "true") return "all";
  return typeof won === "string" ? won.split(",").map(Number) : [];
}

/** Locks nothing that is taken: a batch of duplicates writes nothing at all. */
const PLAIN = "do nothing";

/** A lapsed claim is taken over under its own row lock, so of any who race for it one wins. */
const LAPSING = `do update
      set received_at = excluded.received_at, lapses_at = excluded.lapses_at, event_id = excluded.event_id,
          fingerprint = excluded.fingerprint, receipt_id = excluded.receipt_id
    where held.lapses_at <= excluded.received_at`;

const sql = (schema: string, onConflict: string) => `
with incoming as materialized (
  select n - 1 as n, t, i, coalesce(e, i) as id, e, f, b, p, r, l, c, m, a::numeric as a, o, k, w
    from ${RECORD_COLUMNS}
),
claimed as (
  insert into ${schema}.claim as held (tenant_id, identity, received_at, lapses_at, event_id, fingerprint, receipt_id)
  -- the same order in every batch: two batches that share identities would otherwise lock them crosswise (40P01)
  select t, i, r, l, e, f, p from incoming order by i, t collate "C"
  on conflict (tenant_id, identity) ${onConflict}
  returning tenant_id, identity
),
won as (
  select incoming.* from incoming join claimed on claimed.tenant_id = incoming.t and claimed.identity = incoming.i
),
stored as (
  insert into ${schema}.event (tenant_id, id, received_at, occurred_at, client_id, metric, amount, identified_by,
                               identity, fingerprint, idempotency_key, raw)
  select t, id, r, o, c, m, a, b, case when e is not null then i end, f, k, w::json from won
),
rolled as (
  insert into ${schema}.rollup as total (tenant_id, client_id, metric, quarter, slot, count, sum, min, max)
  select t, c, m, date_bin('15 minutes', o, '2000-01-01T00:00:00Z') as quarter, $15::smallint as slot,
         count(*), sum(a), min(a), max(a)
    from won
   group by t, c, m, quarter
   order by t collate "C", c collate "C", m collate "C", quarter
  on conflict (tenant_id, client_id, metric, quarter, slot) do update
     set count = total.count + excluded.count, sum = total.sum + excluded.sum,
         min = least(total.min, excluded.min), max = greatest(total.max, excluded.max)
),
resolved as (
  ${resolveFailures(schema, "select t, i, coalesce(f, i) as f, r from won")}
)
-- the ordinals only where some were lost: mostly none is
select (counted.won = counted.sent)::text as all_won,
       case when counted.won < counted.sent then (select string_agg(n::text, ',') from won) end as won
  from (select (select count(*) from claimed) as won, cardinality($1::text[]) as sent) as counted
`;
