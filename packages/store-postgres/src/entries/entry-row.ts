import type {
  Dimensions,
  Entry,
  GivenKey,
  Issue,
  ParkedEvent,
  ParkedStatus,
  StoredEvent,
} from "@evt/core/store";
import { identifiedByWord } from "../tables/identified-by.js";
import { isOmitted } from "../tables/raw-within-budget.js";

import { instant, instantText, text, textOrNull } from "../tables/row-values.js";

type Row = Readonly<Record<string, unknown>>;

/**
 * SQL for the unformatted columns of a counted event's entry. {@link printedEntry} formats them later, so that rows
 * which a query skips are not formatted.
 */
export const EVENT_ENTRY_COLUMNS = `
       'processed' as status,
       event.tenant_id,
       event.id,
       event.received_at,
       event.occurred_at,
       event.client_id,
       event.metric,
       event.amount,
       event.unit,
       event.dimensions,
       event.idempotency_key,
       event.identified_by,
       coalesce(event.identity, event.id) as identity,
       coalesce(event.fingerprint, event.identity, event.id) as fingerprint,
       event.raw as json_raw,
       null::text as text_raw,
       null::text as vouched_client_id,
       null::json as given_key,
       null::json as issues,
       null::json as error,
       null::bytea as conflicts_with,
       null::integer as attempts,
       null::timestamptz as last_attempt_at,
       null::timestamptz as resolved_at`;

/**
 * Returns SQL for the same columns of a parked event. `resolvedAt` is SQL for the time at which the event was
 * resolved.
 */
export const parkedEntryColumns = (resolvedAt: string): string => `
       parked.status,
       parked.tenant_id,
       parked.id,
       parked.received_at,
       parked.occurred_at,
       parked.client_id,
       parked.metric,
       parked.amount,
       parked.unit,
       parked.dimensions,
       parked.idempotency_key,
       parked.identified_by,
       parked.identity,
       parked.fingerprint,
       null::json as json_raw,
       parked.raw as text_raw,
       parked.vouched_client_id,
       parked.given_key,
       parked.issues,
       parked.error,
       parked.conflicts_with,
       parked.attempts,
       parked.last_attempt_at,
       ${resolvedAt} as resolved_at`;

/** Returns SQL that formats the columns above for {@link entry}. `raw` is SQL for the columns of the raw JSON. */
export const printedEntry = (raw: string): string => `
       status,
       tenant_id,
       encode(id, 'hex') as id,
       ${instantText("received_at")} as received_at,
       ${instantText("occurred_at")} as occurred_at,
       client_id,
       metric,
       amount::text as amount,
       unit,
       dimensions::text as dimensions,
       idempotency_key,
       identified_by::text as identified_by,
       encode(identity, 'hex') as identity,
       encode(fingerprint, 'hex') as fingerprint,
       ${raw},
       vouched_client_id,
       given_key::text as given_key,
       issues::text as issues,
       error::text as error,
       encode(conflicts_with, 'hex') as conflicts_with,
       attempts::text as attempts,
       ${instantText("last_attempt_at")} as last_attempt_at,
       ${instantText("resolved_at")} as resolved_at`;

/** Returns the entry of a row that {@link printedEntry} formatted. */
export function entry(row: Row): Entry {
  const found = row["status"] === "processed" ? storedEvent(row) : parkedEvent(row);
  return isOmitted(row) ? { ...found, rawOmitted: true } : found;
}

function storedEvent(row: Row): StoredEvent {
  return {
    status: "processed",
    tenantId: text(row["tenant_id"]),
    id: hex(row["id"]),
    clientId: text(row["client_id"]),
    metric: text(row["metric"]),
    amount: text(row["amount"]),
    ...unitAndDimensions(row),
    timestamp: instant(row["occurred_at"]),
    idempotencyKey: textOrNull(row["idempotency_key"]),
    receivedAt: instant(row["received_at"]),
    rawJson: textOrNull(row["raw"]),
    identity: hex(row["identity"]),
    fingerprint: hex(row["fingerprint"]),
    identifiedBy: identifiedByWord(row["identified_by"]),
  };
}

function parkedEvent(row: Row): ParkedEvent {
  const { occurred_at, identified_by, given_key, error, resolved_at } = row;
  return {
    status: text(row["status"]) as ParkedStatus,
    tenantId: text(row["tenant_id"]),
    id: hex(row["id"]),
    clientId: textOrNull(row["client_id"]),
    metric: textOrNull(row["metric"]),
    amount: textOrNull(row["amount"]),
    ...unitAndDimensions(row),
    timestamp: occurred_at === null ? null : instant(occurred_at),
    idempotencyKey: textOrNull(row["idempotency_key"]),
    receivedAt: instant(row["received_at"]),
    rawJson: textOrNull(row["raw"]),
    vouchedClientId: textOrNull(row["vouched_client_id"]),
    givenKey: given_key === null ? null : (JSON.parse(text(given_key)) as GivenKey),
    identity: textOrNull(row["identity"]),
    fingerprint: textOrNull(row["fingerprint"]),
    identifiedBy: identified_by === null ? null : identifiedByWord(identified_by),
    issues: JSON.parse(text(row["issues"])) as Issue[],
    error: error === null ? null : (JSON.parse(text(error)) as ParkedEvent["error"]),
    conflictsWith: textOrNull(row["conflicts_with"]),
    attempts: Number(row["attempts"]),
    lastAttemptAt: instant(row["last_attempt_at"]),
    resolvedAt: resolved_at === null ? null : instant(resolved_at),
  };
}

function unitAndDimensions({ unit, dimensions }: Row): Pick<Entry, "unit" | "dimensions"> {
  return {
    unit: textOrNull(unit),
    dimensions: dimensions === null ? null : (JSON.parse(text(dimensions)) as Dimensions),
  };
}

const hex = (value: unknown): string => text(value);
