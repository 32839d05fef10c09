import {
  claimOf as claimOfRecord,
  type Dimensions,
  type EventRecord,
  type Holder,
  storedEvent,
} from "@evt/core/store";
import type { PgQuery } from "../connection/pg-pool.js";
import { AWAIT_STANDBY } from "../connection/standby.js";
import type { Prepare, Statement } from "../connection/statement.js";
import { resolveFailures } from "../parked/resolve-failures.js";
import { checkTime, type LapsingClock } from "../tables/lapsing-clock.js";
import { claimOf, eventOfClaim } from "../tables/lookup-joins.js";
import { isOmitted, RAW, rawBudget, withinBudget } from "../tables/raw-within-budget.js";
import { type Column, columnArrays, value } from "../tables/record-columns.js";
import { instant, instantText } from "../tables/row-values.js";
import { storable } from "../tables/storable-text.js";
import { OID } from "../wire/binary-array.js";
import type { ByteWriter } from "../wire/byte-writer.js";
import { isLapsing } from "./insert-statement.js";

type Row = Readonly<Record<string, unknown>>;

/**
 * Reads the holders of identities. This is a separate statement, because an insert's snapshot may not include a claim
 * that the insert found taken.
 */
export class HoldersStatement {
  readonly #current: Statement;
  readonly #taken: Statement;
  readonly #takenAndResolving: Statement;

  constructor(schema: string, prepare: Prepare, clock: LapsingClock = "database") {
    this.#current = prepare(currentSql(schema, clock));
    this.#taken = prepare(takenSql(schema, ""));
    this.#takenAndResolving = prepare(takenSql(schema, resolvedFailures(schema)));
  }

  /**
   * Returns a query for the current holder of each record: the holder that the record would find if it were inserted
   * alone. The result includes the holders' raw JSON, up to `rawChars` characters.
   */
  current(writer: ByteWriter, records: readonly EventRecord[], rawChars: number | undefined): PgQuery {
    return this.#current.with(...columnArrays(writer, WITHOUT_RAW, records), rawBudget(rawChars));
  }

  /**
   * Returns a query for the holders of taken claims. Postgres returns the rows after they are replicated (see {@link
   * AWAIT_STANDBY}). If a holder equals its record, only the receipt ID and the receive time are sent back. The
   * stored raw JSON is not sent back: SQL compares it with the record's.
   *
   * If the claim of a record can lapse, the query also resolves the open failures that have the identity and the
   * content of a duplicate. Without lapsing claims, this is not necessary.
   */
  taken(writer: ByteWriter, records: readonly EventRecord[]): PgQuery {
    const statement = records.some(isLapsing) ? this.#takenAndResolving : this.#taken;
    return statement.with(...columnArrays(writer, COLUMNS, records));
  }
}

/** Returns the holders by their record's ordinal. A record without a holder has no entry. */
export function holdersByOrdinal(
  rows: readonly Row[],
  records: readonly EventRecord[],
): ReadonlyMap<number, Holder> {
  return new Map(
    rows.map((row) => {
      const ordinal = Number(row["ordinal"]);
      return [ordinal, holder(row, records[ordinal] as EventRecord)];
    }),
  );
}

function holder(row: Row, record: EventRecord): Holder {
  const receiptId = String(row["receipt_id"]);
  const receivedAt = new Date(Number(row["received_at"])).toISOString();
  const differing = row["differing"];
  if (differing === null) return equalHolder(record, receiptId, receivedAt);
  const fields: Differing = JSON.parse(String(differing));
  const rawJson = typeof row["raw"] === "string" ? row["raw"] : null;
  const rawState = isOmitted(row) ? "omitted" : fields.raw;
  return differentHolder({ ...fields, raw: rawState }, rawJson, record, receiptId, receivedAt);
}

/** Returns a holder that equals the record except for the receipt ID and the receive time. */
function equalHolder(record: EventRecord, receiptId: string, receivedAt: string): Holder {
  const held: EventRecord = {
    ...record,
    id: record.identity,
    receiptId,
    receivedAt,
    rawJson: ownRaw(record),
  };
  return { claim: claimOfRecord(held), event: storedEvent(held) };
}

/** Returns the record's raw JSON as it would be read from the database. */
const ownRaw = ({ rawJson }: EventRecord): string | null => rawJson && storable(rawJson);

/** The JSON that the SQL of {@link differing} builds. */
interface Differing {
  readonly id: string;
  readonly fingerprint: string;
  readonly rawHash: number | null;
  readonly rules: number;
  readonly twins: number;
  readonly exists: boolean;
  readonly occurredAt: string;
  readonly clientId: string;
  readonly metric: string;
  readonly amount: string;
  readonly unit: string | null;
  readonly dimensions: Dimensions | null;
  /**
   * The stored raw JSON: `none` if there is none, `own` if it equals the record's, `read` if the row may contain it,
   * `omitted` if the row does not.
   */
  readonly raw: "none" | "own" | "read" | "omitted";
}

function differentHolder(
  differing: Differing,
  storedRaw: string | null,
  record: EventRecord,
  receiptId: string,
  receivedAt: string,
): Holder {
  const { exists, occurredAt, raw, rawHash, rules, twins, ...fields } = differing;
  const { id, fingerprint } = fields;
  const claim = { id, receiptId, receivedAt, fingerprint, rawHash, rules, twins };
  if (!exists) return { claim, event: null };
  const timestamp = instant(occurredAt);
  const rawJson = raw === "own" ? ownRaw(record) : storedRaw;
  const event = { ...storedEvent(record), ...fields, timestamp, receivedAt, rawJson };
  return { claim, event: raw === "omitted" ? { ...event, rawOmitted: true } : event };
}

const COLUMNS: readonly Column[] = [
  [OID.text, value.tenantId],
  [OID.bytea, value.place],
  [OID.bytea, value.identity],
  [OID.bytea, value.fingerprintUnlessIdentity],
  [OID.timestamptz, value.receivedAt],
  [OID.timestamptz, value.timestamp],
  [OID.text, value.rawJson],
  [OID.int8, value.rawHash],
  [OID.int2, value.rules],
  [OID.int2, value.twins],
];

/** The same columns without raw JSON, which is sent only if SQL must compare it. */
const WITHOUT_RAW: readonly Column[] = COLUMNS.with(6, [OID.text, (writer) => writer.text(null)]);

const resolvedFailures = (schema: string) => `,
resolved as (
  ${resolveFailures(
    schema,
    `select wanted.tenant_id, wanted.identity, wanted.fingerprint, wanted.received_at as resolved_at
       from wanted ${claimOf(schema, "wanted.tenant_id", "wanted.place", "wanted.identity")}
      where coalesce(claim.fingerprint, claim.identity) = wanted.fingerprint`,
  )}
)`;

const wanted = `wanted as materialized (
  select ordinal - 1 as ordinal, tenant_id, place, identity, coalesce(fingerprint, identity) as fingerprint,
         received_at, occurred_at, raw, raw_hash, rules, twins
    from unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[], $5::timestamptz[], $6::timestamptz[], $7::text[],
                $8::bigint[], $9::smallint[], $10::smallint[])
      with ordinality as record (
        tenant_id, place, identity, fingerprint, received_at, occurred_at, raw, raw_hash, rules, twins, ordinal)
)`;

const found = (schema: string) => `
  ${claimOf(schema, "wanted.tenant_id", "wanted.place", "wanted.identity")}
  cross join lateral (select coalesce(claim.fingerprint, claim.identity) as fingerprint) as found
  left ${eventOfClaim(schema)}`;

const RECEIPT = `encode(uuid_send(claim.receipt_id), 'hex') as receipt_id,
       -- whole milliseconds, which a double holds exactly
       (date_part('epoch', claim.received_at) * 1000)::bigint::text as received_at`;

/** Returns SQL for {@link Differing}. `raw` is SQL for its member `raw`. */
const differing = (raw: string) => `json_build_object(
              'id', encode(coalesce(claim.event_id, claim.identity), 'hex'),
              'fingerprint', encode(found.fingerprint, 'hex'),
              'rawHash', claim.raw_hash,
              'rules', coalesce(claim.rules, 1),
              'twins', coalesce(claim.twins, 1),
              'exists', event.id is not null,
              'occurredAt', ${instantText("event.occurred_at")},
              'clientId', event.client_id,
              'metric', event.metric,
              'amount', event.amount::text,
              'unit', event.unit,
              'dimensions', event.dimensions,
              'raw', ${raw})::text`;

/**
 * SQL that compares the stored raw JSON with the record's. Comparing a compressed value decompresses it. So if the
 * contents differ, or if the stored size rules out equality, the SQL returns false without comparing. A stored value
 * is at most four bytes larger than its text.
 */
const ownsRaw = `case when event.raw is null or wanted.raw is null then event.raw is null and wanted.raw is null
                 when found.fingerprint <> wanted.fingerprint or pg_column_size(event.raw) > octet_length(wanted.raw) + 4 then false
                 else event.raw::text = wanted.raw
            end`;

const takenSql = (schema: string, further: string) => `
with ${wanted}${further}
select wanted.ordinal::text as ordinal,
       ${AWAIT_STANDBY} as awaited,
       ${RECEIPT},
       case when claim.event_id is null and found.fingerprint = wanted.fingerprint and event.occurred_at = wanted.occurred_at
                 and ${ownsRaw}
                 and claim.raw_hash is not distinct from wanted.raw_hash and claim.rules is not distinct from wanted.rules
                 and claim.twins is not distinct from wanted.twins
            then null
            else ${differing(`case when event.raw is null then 'none' when ${ownsRaw} then 'own' else 'omitted' end`)}
       end as differing
  from wanted
  ${found(schema)}
`;

const currentSql = (schema: string, clock: LapsingClock) => `
with ${wanted},
${withinBudget(
  `select wanted.ordinal, ${RECEIPT},
          ${differing("case when event.raw is null then 'none' else 'read' end")} as differing,
          event.raw as json_raw, null::text as text_raw
     from wanted
     ${found(schema)}
    where claim.lapses_at is null or claim.lapses_at > ${checkTime(clock, "wanted.received_at")}`,
  "ordinal",
  "$11::bigint",
)}
select ordinal::text as ordinal, receipt_id, received_at, ${RAW}, differing from bounded
`;
