import type { ParkedStatus } from "./endpoint.js";
import type { Ask } from "./webhook-pool.js";

/** A parked event, as a message tells of it. Numbers and instants are text, as everywhere in evt. */
export interface ToldEvent {
  readonly tenantId: string;
  readonly id: string;
  readonly status: ParkedStatus;
  readonly clientId: string | null;
  readonly metric: string | null;
  readonly amount: string | null;
  readonly timestamp: string | null;
  readonly receivedAt: string;
  readonly issues: readonly { readonly code: string }[];
  readonly error: { readonly code?: string } | null;
  readonly conflictsWith: string | null;
  readonly raw: string | null;
  readonly reasons: readonly string[];
  /** When the outbox was told of it. */
  readonly at: string;
}

/**
 * What a message tells of: its events that are still parked. One that was counted in the meantime, or forgotten, needs
 * nobody to look after it.
 */
export async function toldEvents(
  schema: string,
  messageId: string,
  query: Ask,
): Promise<readonly ToldEvent[]> {
  const rows = await query(sql(schema), [messageId]);
  return rows.map((row) => JSON.parse(String(row["told"])) as ToldEvent);
}

const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const sql = (schema: string) => `
select json_build_object(
         'tenantId', parked.tenant_id, 'id', encode(parked.id, 'hex'), 'status', parked.status,
         'clientId', parked.client_id, 'metric', parked.metric, 'amount', parked.amount::text,
         'timestamp', ${instant("parked.occurred_at")}, 'receivedAt', ${instant("parked.received_at")},
         'issues', parked.issues, 'error', parked.error, 'conflictsWith', encode(parked.conflicts_with, 'hex'),
         'raw', parked.raw, 'reasons', parked.reasons, 'at', ${instant("webhook_outbox.at")})::text as told
  from ${schema}.webhook_outbox
  join ${schema}.parked on parked.tenant_id = webhook_outbox.tenant_id and parked.id = webhook_outbox.parked_id
 where webhook_outbox.message_id = $1::uuid and parked.resolved_at is null
 order by webhook_outbox.id`;
