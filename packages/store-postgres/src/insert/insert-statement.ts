import type { EventRecord } from "@evt/core";
import type { PgQuery } from "../connection/pg-pool.js";
import type { Prepare, Statement } from "../connection/statement.js";
import { resolveFailures } from "../parked/resolve-failures.js";
import { type LapsingClock, lapseTime, meetingTime } from "../tables/lapsing-clock.js";
import { RECORD_COLUMNS, recordColumns } from "../tables/record-columns.js";
import type { ByteWriter } from "../wire/byte-writer.js";

/**
 * An insert as one statement, autocommitted: claims the identities, stores the events of the claims it won and tallies
 * them; all of it or nothing, in one round trip. It costs more than COPY does, and knows what COPY does not: to leave a
 * claim that is taken, and to take over one that has lapsed.
 */
export class InsertStatement {
  readonly #plain: Statement;
  readonly #lapsing: Statement;

  constructor(schema: string, prepare: Prepare, clock: LapsingClock = "database") {
    this.#plain = prepare(insertSql(schema, { onConflict: PLAIN, answer: ORDINALS }));
    const onConflict = takingOver(clock);
    const lapsesAt = lapseTime(clock, "l", "r");
    this.#lapsing = prepare(
      insertSql(schema, { onConflict, lapsesAt, further: takeover(schema), answer: ORDINALS }),
    );
  }

  /** No identity of a tenant may stand in `records` twice: one command cannot claim it twice. */
  with(writer: ByteWriter, records: readonly EventRecord[]): PgQuery {
    const statement = records.some(isLapsing) ? this.#lapsing : this.#plain;
    return statement.with(...recordColumns(writer, records));
  }
}

export const isLapsing = ({ lapsesAt }: EventRecord): boolean => lapsesAt !== null;

/** The ordinals of the records that won their claim. */
export function wonOrdinals(rows: readonly Record<string, unknown>[]): readonly number[] | "all" {
  const { all_won, won } = rows[0] ?? {};
  if (all_won === "true") return "all";
  return typeof won === "string" ? won.split(",").map(Number) : [];
}

/** Locks nothing that is taken: a batch of duplicates writes nothing at all. */
const PLAIN = "do nothing";

/**
 * A lapsed claim is taken over under its own row lock, so of any who race for it one wins. A record that is tried again
 * does not take over its own claim, however short the window.
 */
export const takingOver = (clock: LapsingClock): string => `do update
      set received_at = excluded.received_at, lapses_at = excluded.lapses_at, event_id = excluded.event_id,
          fingerprint = excluded.fingerprint, receipt_id = excluded.receipt_id
    where held.lapses_at <= ${meetingTime(clock, "excluded.received_at")}
      and held.receipt_id <> excluded.receipt_id`;

/** A claim that may be taken over does not say for ever which failures it counted: they are told at once. */
const takeover = (schema: string) => `,
resolved as (
  ${resolveFailures(schema, "select t, i, coalesce(f, i) as f, r from won")}
)`;

/** The ordinals only where some were lost: mostly none is. */
const ORDINALS = `
select (counted.won = counted.sent)::text as all_won,
       case when counted.won < counted.sent then (select string_agg(n::text, ',') from won) end as won
  from (select (select count(*) from claimed) as won, cardinality($1::text[]) as sent) as counted`;

interface Parts {
  /** What becomes of a claim that is taken. */
  readonly onConflict: string;
  /** When claims lapse. */
  readonly lapsesAt?: string;
  /** Common table expressions before and after those of the insert. */
  readonly before?: string;
  readonly further?: string;
  /** Which records are to be inserted; and what else is to be known of them, as a column more. */
  readonly incoming?: string;
  readonly column?: string;
  readonly answer: string;
}

export const insertSql = (
  schema: string,
  { onConflict, lapsesAt = "l", before = "", further = "", incoming = RECORD_COLUMNS, column, answer }: Parts,
) => `
with ${before}incoming as materialized (
  select n - 1 as n, t, y, i, coalesce(e, i) as id, e, f, b, p, r, l, c, m, a, o, k, w${column ? `, ${column}` : ""}
    from ${incoming}
),
claimed as (
  insert into ${schema}.claim as held
    (received_at, lapses_at, receipt_id, tenant_id, place, identity, event_id, fingerprint)
  -- the same order in every batch: two batches that share identities would otherwise lock them crosswise (40P01)
  select r, ${lapsesAt}, p, t, y, i, e, f from incoming order by i, t collate "C"
  on conflict (tenant_id, place, identity) ${onConflict}
  returning tenant_id, identity
),
won as (
  select incoming.* from incoming join claimed on claimed.tenant_id = incoming.t and claimed.identity = incoming.i
),
stored as (
  insert into ${schema}.event (received_at, occurred_at, identified_by, tenant_id, id, client_id, metric, amount,
                               identity, fingerprint, idempotency_key, raw)
  select r, o, b, t, id, c, m, a, case when e is not null then i end, f, k, w::json from won
),
cell as (
  select t, c, m, date_bin('15 minutes', o, '2000-01-01T00:00:00Z') as quarter,
         count(*) as count, sum(a) as sum, min(a) as min, max(a) as max
    from won group by t, c, m, quarter
),
tallied as (
  insert into ${schema}.tally (tenant_id, client_ids, metrics, quarters, counts, sums, mins, maxs)
  select t, array_agg(c), array_agg(m), array_agg(quarter), array_agg(count), array_agg(sum), array_agg(min), array_agg(max)
    from cell group by t
)${further}
${answer}
`;
