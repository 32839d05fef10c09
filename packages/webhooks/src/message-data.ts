import type { ParkedStatus } from "@evt/core";
import type { SqlQuery } from "@evt/store-postgres/internal";
import type { Endpoint } from "./endpoint.js";

/** The data of a message about one parked event. Amounts and instants are strings. */
export interface EventData {
  readonly tenantId: string;
  readonly id: string;
  readonly status: ParkedStatus;
  /** The client that the event names, or else the vouched client. */
  readonly clientId: string | null;
  /** The client that authentication proved for the caller. `null` if it proved none. */
  readonly vouchedClientId: string | null;
  readonly metric: string | null;
  readonly amount: string | null;
  /** `null` if the event has no unit, or if its unit could not be read. */
  readonly unit: string | null;
  /** The dimensions that could be read, by name. `null` if there are none. */
  readonly dimensions: Readonly<Record<string, string>> | null;
  readonly timestamp: string | null;
  readonly receivedAt: string;
  readonly issues: readonly { readonly code: string }[];
  readonly error: { readonly code?: string } | null;
  readonly conflictsWith: string | null;
  /** Present if the endpoint has `raw: true`. */
  readonly raw?: string | null;
  /** `true` if the raw event is stored but too large for a message. */
  readonly rawOmitted?: true;
  /** The time at which the event was written to the outbox. */
  readonly at: string;
}

/** The data of a digest: a message about the events of a period. */
export interface DigestData {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byReason: Readonly<Record<string, number>>;
  readonly events: readonly Pick<EventData, "tenantId" | "id" | "status">[];
  /** True if `events` lists all events of the message. */
  readonly complete: boolean;
}

/**
 * Maximum size of a raw event in a message, in bytes. Several messages are in memory at the same time, each as a whole.
 */
export const MAX_RAW_BYTES = 2 ** 20;

/** Maximum number of events that a digest lists. `count` includes the events that are not listed. */
const MAX_LISTED_EVENTS = 100;

/** Returns the data of a message's event. Returns `null` if the event was resolved or deleted in the meantime. */
export async function readEvent(
  schema: string,
  { raw }: Pick<Endpoint, "raw">,
  messageId: string,
  query: SqlQuery,
): Promise<EventData | null> {
  const [row] = await query(eventSql(schema, raw === true), [messageId]);
  if (row === undefined) return null;
  const data: EventData = JSON.parse(String(row["data"]));
  if (raw !== true) return data;
  if (row["raw_omitted"] === "true") return { ...data, raw: null, rawOmitted: true };
  return { ...data, raw: row["raw"] === null ? null : String(row["raw"]) };
}

/**
 * Returns the data of a digest's events that are not resolved, or `null` if there are none. Does not read raw events.
 */
export async function readDigest(
  schema: string,
  messageId: string,
  query: SqlQuery,
): Promise<DigestData | null> {
  const [row] = await query(digestSql(schema), [messageId, MAX_LISTED_EVENTS]);
  const data: DigestData = JSON.parse(String(row?.["data"]));
  return data.count === 0 ? null : data;
}

const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const stillParked = (schema: string) => `
  from ${schema}.webhook_outbox
  join ${schema}.parked on parked.tenant_id = webhook_outbox.tenant_id and parked.id = webhook_outbox.parked_id
 where webhook_outbox.message_id = $1::uuid and parked.resolved_at is null`;

/**
 * SQL that reads a raw event only if it is small enough. Postgres knows the size of a `text` value without reading it.
 */
const RAW = `,
       case when octet_length(parked.raw) <= ${MAX_RAW_BYTES} then parked.raw end as raw,
       (octet_length(parked.raw) > ${MAX_RAW_BYTES})::text as raw_omitted`;

const eventSql = (schema: string, withRaw: boolean) => `
select json_build_object(
         'tenantId', parked.tenant_id, 'id', encode(parked.id, 'hex'), 'status', parked.status,
         'clientId', parked.client_id, 'vouchedClientId', parked.vouched_client_id,
         'metric', parked.metric, 'amount', parked.amount::text,
         'unit', parked.unit, 'dimensions', parked.dimensions,
         'timestamp', ${instant("parked.occurred_at")}, 'receivedAt', ${instant("parked.received_at")},
         'issues', parked.issues, 'error', parked.error, 'conflictsWith', encode(parked.conflicts_with, 'hex'),
         'at', ${instant("webhook_outbox.at")})::text as data${withRaw ? RAW : ""}
  ${stillParked(schema)}
 order by webhook_outbox.id limit 1`;

const digestSql = (schema: string) => `
with digested as materialized (
  select webhook_outbox.id as n, webhook_outbox.at, parked.tenant_id, parked.id, parked.status, parked.reasons
  ${stillParked(schema)}
),
by_status as (select status, count(*) as events from digested group by status),
by_reason as (select reason, count(*) as events from digested, unnest(reasons) as reason group by reason),
listed as (select n, tenant_id, id, status from digested order by n limit $2::integer)
select json_build_object(
         'from', (select ${instant("at")} from digested order by n limit 1),
         'to', (select ${instant("at")} from digested order by n desc limit 1),
         'count', count(*),
         'byStatus', (select coalesce(json_object_agg(status, events), '{}') from by_status),
         'byReason', (select coalesce(json_object_agg(reason, events), '{}') from by_reason),
         'events', (select coalesce(json_agg(json_build_object(
                             'tenantId', tenant_id, 'id', encode(id, 'hex'), 'status', status) order by n), '[]') from listed),
         'complete', count(*) <= $2::integer)::text as data
  from digested`;
