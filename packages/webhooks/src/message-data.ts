import type { Query } from "@evt/store-postgres/internal";
import type { Endpoint, ParkedStatus } from "./endpoint.js";

/** A parked event, as a message tells of it. Numbers and instants are text, as everywhere in evt. */
export interface ToldEvent {
  readonly tenantId: string;
  readonly id: string;
  readonly status: ParkedStatus;
  readonly clientId: string | null;
  /** The client that its caller was bound to; `clientId` is the one that the event names. */
  readonly vouchedClientId: string | null;
  readonly metric: string | null;
  readonly amount: string | null;
  readonly timestamp: string | null;
  readonly receivedAt: string;
  readonly issues: readonly { readonly code: string }[];
  readonly error: { readonly code?: string } | null;
  readonly conflictsWith: string | null;
  /** Where the endpoint asks for it. */
  readonly raw?: string | null;
  /** The raw event is kept, but too large for a message. */
  readonly rawOmitted?: true;
  /** When the outbox was told of it. */
  readonly at: string;
}

/** What a digest tells of. */
export interface ToldDigest {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byReason: Readonly<Record<string, number>>;
  readonly events: readonly Pick<ToldEvent, "tenantId" | "id" | "status">[];
  /** Whether `events` are all of them. */
  readonly complete: boolean;
}

/** A larger raw event is left out of a message: it is signed and sent as a whole, several at once. */
export const MOST_RAW_BYTES = 2 ** 20;

/** A digest names no more; all of them are counted, and found by listing. */
const IDS_OF_A_DIGEST = 100;

/**
 * The event that a message tells of; `null` where it is no longer parked. One that was counted in the meantime, or
 * forgotten, needs nobody to look after it.
 */
export async function toldEvent(
  schema: string,
  { raw }: Pick<Endpoint, "raw">,
  messageId: string,
  query: Query,
): Promise<ToldEvent | null> {
  const [row] = await query(eventSql(schema, raw === true), [messageId]);
  if (row === undefined) return null;
  const told: ToldEvent = JSON.parse(String(row["told"]));
  if (raw !== true) return told;
  const text = row["raw"] === null ? null : String(row["raw"]);
  return row["raw_omitted"] === "true" ? { ...told, raw: null, rawOmitted: true } : { ...told, raw: text };
}

/** What a digest tells of its events that are still parked; `null` where none is. No raw event is read for it. */
export async function toldDigest(
  schema: string,
  messageId: string,
  query: Query,
): Promise<ToldDigest | null> {
  const [row] = await query(digestSql(schema), [messageId, IDS_OF_A_DIGEST]);
  const told: ToldDigest = JSON.parse(String(row?.["told"]));
  return told.count === 0 ? null : told;
}

const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const stillParked = (schema: string) => `
  from ${schema}.webhook_outbox
  join ${schema}.parked on parked.tenant_id = webhook_outbox.tenant_id and parked.id = webhook_outbox.parked_id
 where webhook_outbox.message_id = $1::uuid and parked.resolved_at is null`;

/** The size of a `text` is known without reading it. */
const RAW = `,
       case when octet_length(parked.raw) <= ${MOST_RAW_BYTES} then parked.raw end as raw,
       (octet_length(parked.raw) > ${MOST_RAW_BYTES})::text as raw_omitted`;

const eventSql = (schema: string, withRaw: boolean) => `
select json_build_object(
         'tenantId', parked.tenant_id, 'id', encode(parked.id, 'hex'), 'status', parked.status,
         'clientId', parked.client_id, 'vouchedClientId', parked.vouched_client_id,
         'metric', parked.metric, 'amount', parked.amount::text,
         'timestamp', ${instant("parked.occurred_at")}, 'receivedAt', ${instant("parked.received_at")},
         'issues', parked.issues, 'error', parked.error, 'conflictsWith', encode(parked.conflicts_with, 'hex'),
         'at', ${instant("webhook_outbox.at")})::text as told${withRaw ? RAW : ""}
  ${stillParked(schema)}
 order by webhook_outbox.id limit 1`;

const digestSql = (schema: string) => `
with told as materialized (
  select webhook_outbox.id as n, webhook_outbox.at, parked.tenant_id, parked.id, parked.status, parked.reasons
  ${stillParked(schema)}
),
by_status as (select status, count(*) as events from told group by status),
by_reason as (select reason, count(*) as events from told, unnest(reasons) as reason group by reason),
named as (select n, tenant_id, id, status from told order by n limit $2::integer)
select json_build_object(
         'from', (select ${instant("at")} from told order by n limit 1),
         'to', (select ${instant("at")} from told order by n desc limit 1),
         'count', count(*),
         'byStatus', (select coalesce(json_object_agg(status, events), '{}') from by_status),
         'byReason', (select coalesce(json_object_agg(reason, events), '{}') from by_reason),
         'events', (select coalesce(json_agg(json_build_object(
                             'tenantId', tenant_id, 'id', encode(id, 'hex'), 'status', status) order by n), '[]') from named),
         'complete', count(*) <= $2::integer)::text as told
  from told`;
