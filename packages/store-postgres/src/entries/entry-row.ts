import type { Entry, GivenKey, Issue, ParkedEvent, ParkedStatus, StoredEvent } from "@evt/core";
import { identifiedByWord } from "../insert/record-columns.js";

type Row = Readonly<Record<string, unknown>>;

/** An instant as text, whatever the session's time zone and date style. */
export const instantText = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The columns of a counted event, as {@link storedEvent} reads them. */
const EVENT_COLUMNS = `
       'processed' as status,
       event.tenant_id,
       encode(event.id, 'hex') as id,
       ${instantText("event.received_at")} as received_at,
       ${instantText("event.occurred_at")} as occurred_at,
       event.client_id,
       event.metric,
       event.amount::text as amount,
       event.idempotency_key,
       event.identified_by::text as identified_by,
       encode(coalesce(event.identity, event.id), 'hex') as identity,
       encode(coalesce(event.fingerprint, event.identity, event.id), 'hex') as fingerprint,
       event.raw::text as raw`;

/** A counted event in the shape of {@link parkedEntryColumns}, to be united with it. */
export const EVENT_ENTRY_COLUMNS = `${EVENT_COLUMNS},
       null::text as vouched_client_id,
       null::text as given_key,
       null::text as issues,
       null::text as error,
       null::text as conflicts_with,
       null::text as attempts,
       null::text as last_attempt_at,
       null::text as resolved_at`;

/** The columns of a parked event; `resolvedAt` says when it was resolved, as far as that matters. */
export const parkedEntryColumns = (resolvedAt: string): string => `
       parked.status,
       parked.tenant_id,
       encode(parked.id, 'hex') as id,
       ${instantText("parked.received_at")} as received_at,
       ${instantText("parked.occurred_at")} as occurred_at,
       parked.client_id,
       parked.metric,
       parked.amount::text as amount,
       parked.idempotency_key,
       parked.identified_by::text as identified_by,
       encode(parked.identity, 'hex') as identity,
       encode(parked.fingerprint, 'hex') as fingerprint,
       parked.raw,
       parked.vouched_client_id,
       parked.given_key::text as given_key,
       parked.issues::text as issues,
       parked.error::text as error,
       encode(parked.conflicts_with, 'hex') as conflicts_with,
       parked.attempts::text as attempts,
       ${instantText("parked.last_attempt_at")} as last_attempt_at,
       ${instantText(resolvedAt)} as resolved_at`;

export function entry(row: Row): Entry {
  return row["status"] === "processed" ? storedEvent(row) : parkedEvent(row);
}

function storedEvent(row: Row): StoredEvent {
  return {
    status: "processed",
    tenantId: text(row["tenant_id"]),
    id: hex(row["id"]),
    clientId: text(row["client_id"]),
    metric: text(row["metric"]),
    amount: text(row["amount"]),
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

const hex = (value: unknown): string => text(value);

/** Canonical: three decimals where the other three are zero. */
export function instant(value: unknown): string {
  const full = text(value);
  return full.endsWith("000Z") ? `${full.slice(0, -4)}Z` : full;
}

/** @throws Error where the database answered something else */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new Error(`a text was expected from the database, not ${String(value)}`);
}

export function textOrNull(value: unknown): string | null {
  return value === null ? null : text(value);
}
