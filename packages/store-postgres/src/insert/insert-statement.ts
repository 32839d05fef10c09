import type { EventRecord } from "@evt/core/store";
import type { PgQuery } from "../connection/pg-pool.js";
import type { Prepare, Statement } from "../connection/statement.js";
import { resolveFailures } from "../parked/resolve-failures.js";
import { checkTime, type LapsingClock, lapseTime } from "../tables/lapsing-clock.js";
import { RECORD_COLUMNS, recordColumns } from "../tables/record-columns.js";
import type { ByteWriter } from "../wire/byte-writer.js";

/**
 * An insert as one autocommitted statement, in one round trip. It claims the identities, stores the events whose claims
 * it won, and tallies them. Either all of this happens or none of it. The statement costs more than COPY, but it can
 * skip a taken claim and take over a lapsed claim.
 */
export class InsertStatement {
  readonly #plain: Statement;
  readonly #lapsing: Statement;

  constructor(schema: string, prepare: Prepare, clock: LapsingClock = "database") {
    this.#plain = prepare(insertSql(schema, { onConflict: PLAIN, result: ORDINALS }));
    const onConflict = takingOver(clock);
    const lapsesAt = lapseTime(clock, "lapses_at", "received_at");
    this.#lapsing = prepare(
      insertSql(schema, { onConflict, lapsesAt, further: resolvedFailures(schema), result: ORDINALS }),
    );
  }

  /**
   * Returns the query. All identities of a tenant must differ, because one statement cannot claim an identity twice.
   */
  with(writer: ByteWriter, records: readonly EventRecord[]): PgQuery {
    const statement = records.some(isLapsing) ? this.#lapsing : this.#plain;
    return statement.with(...recordColumns(writer, records));
  }
}

/** Returns true if the record's claim lapses at some time. */
export const isLapsing = ({ lapsesAt }: EventRecord): boolean => lapsesAt !== null;

/** Returns the ordinals of the records that won their claim, or `all` if every record won. */
export function wonOrdinals(rows: readonly Record<string, unknown>[]): readonly number[] | "all" {
  const { all_won, won } = rows[0] ?? {};
  if (all_won === "true") return "all";
  return typeof won === "string" ? won.split(",").map(Number) : [];
}

/** Skips taken claims without locking them, so a batch of duplicates writes nothing. */
const PLAIN = "do nothing";

/**
 * Takes over a lapsed claim under its row lock, so only one of several concurrent inserts wins. A retried record does
 * not take over its own claim, even if the window is very short.
 */
export const takingOver = (clock: LapsingClock): string => `do update
      set received_at = excluded.received_at, lapses_at = excluded.lapses_at, event_id = excluded.event_id,
          fingerprint = excluded.fingerprint, receipt_id = excluded.receipt_id, raw_hash = excluded.raw_hash,
          rules = excluded.rules, twins = excluded.twins
    where held.lapses_at <= ${checkTime(clock, "excluded.received_at")}
      and held.receipt_id <> excluded.receipt_id`;

/**
 * SQL that resolves the open failures of the won claims immediately, for claims that lapse. After another event has
 * taken over a claim, the claim no longer shows which event it counted before.
 */
const resolvedFailures = (schema: string) => `,
resolved as (
  ${resolveFailures(
    schema,
    `
    select tenant_id, identity, coalesce(fingerprint, identity) as fingerprint, received_at as resolved_at from won`,
  )}
)`;

/**
 * SQL that returns whether all claims were won, the usual case. If some were not, the column `won` lists the ordinals
 * of the won claims.
 */
const ORDINALS = `
select (counted.won = counted.sent)::text as all_won,
       case when counted.won < counted.sent then (select string_agg(ordinal::text, ',') from won) end as won
  from (select (select count(*) from claimed) as won, cardinality($1::text[]) as sent) as counted`;

interface Parts {
  /** SQL for the action if a claim is taken. */
  readonly onConflict: string;
  /** SQL for the time at which the claim lapses. Default: the record's `lapses_at`. */
  readonly lapsesAt?: string;
  /** Common table expressions that `incoming` can use. */
  readonly before?: string;
  /** Common table expressions that can use `won`. */
  readonly further?: string;
  /** SQL for the records to insert. */
  readonly incoming?: string;
  /** One more column of the records, which `incoming` and `won` then have too. */
  readonly column?: string;
  /** The final `select`. */
  readonly result: string;
}

/** SQL for the values of the tallied dimensions as a JSON array, or null if the event has no dimensions. */
const TALLIED_VALUES = `case when dimensions is not null then
           (select json_agg(dimensions::json ->> name order by name collate "C")::text from tallied_dimension, unnest(names) as name) end`;

/** Returns the SQL of an insert. */
export const insertSql = (
  schema: string,
  {
    onConflict,
    lapsesAt = "lapses_at",
    before = "",
    further = "",
    incoming = RECORD_COLUMNS,
    column,
    result,
  }: Parts,
) => `
with ${before}incoming as materialized (
  select record.ordinal - 1 as ordinal, record.tenant_id, record.place, record.identity,
         coalesce(record.event_id, record.identity) as id, record.event_id, record.fingerprint, record.identified_by,
         record.receipt_id, record.received_at, record.lapses_at, record.client_id, record.metric, record.amount,
         record.occurred_at, record.idempotency_key, record.raw, record.unit, record.dimensions,
         record.raw_hash, record.rules, record.twins${column ? `, ${column}` : ""}
    from ${incoming}
),
claimed as (
  insert into ${schema}.claim as held
    (received_at, lapses_at, receipt_id, tenant_id, place, identity, event_id, fingerprint, raw_hash, rules, twins)
  -- the same order in every batch: two batches that share identities could otherwise deadlock (40P01)
  select received_at, ${lapsesAt}, receipt_id, tenant_id, place, identity, event_id, fingerprint, raw_hash, rules, twins
    from incoming order by identity, tenant_id collate "C"
  on conflict (tenant_id, place, identity) ${onConflict}
  returning tenant_id, identity
),
won as (
  select incoming.*
    from incoming join claimed on claimed.tenant_id = incoming.tenant_id and claimed.identity = incoming.identity
),
stored as (
  insert into ${schema}.event (received_at, occurred_at, identified_by, tenant_id, id, client_id, metric, amount,
                               identity, fingerprint, idempotency_key, raw, unit, dimensions)
  select received_at, occurred_at, identified_by, tenant_id, id, client_id, metric, amount,
         case when event_id is not null then identity end, fingerprint, idempotency_key, raw::json, unit,
         dimensions::json
    from won
),
tallied_dimension as materialized (
  select array_agg(distinct name collate "C" order by name collate "C") as names from ${schema}.combination, unnest(dimensions) as name
),
cell as (
  select tenant_id, client_id, metric, unit, date_bin('15 minutes', occurred_at, '2000-01-01T00:00:00Z') as quarter,
         count(*) as count, sum(amount) as sum, min(amount) as min, max(amount) as max, ${TALLIED_VALUES} as tallied_values
    from won group by tenant_id, client_id, metric, unit, quarter, tallied_values
),
tallied as (
  insert into ${schema}.tally (tenant_id, client_ids, metrics, quarters, counts, sums, mins, maxs, units,
                               dimension_names, dimensions)
  select tenant_id, array_agg(client_id), array_agg(metric), array_agg(quarter), array_agg(count),
         array_agg(sum), array_agg(min), array_agg(max),
         -- null if no cell has a unit
         case when count(unit) > 0 then array_agg(unit) end,
         (select names from tallied_dimension), case when count(tallied_values) > 0 then array_agg(tallied_values) end
    from cell group by tenant_id
)${further}
${result}
`;
