import type { Entry, ParkedEvent } from "@evt/core";

/**
 * Returns the JSON of a counted or a parked event. The stored raw event is copied into it unchanged: parsing and printing
 * it would lose digits and repeated keys. `rawOmitted` tells an omitted raw event from one that was not stored.
 */
export function entryJson(entry: Entry): string {
  const { id, status, clientId, metric, amount, timestamp, receivedAt, idempotencyKey, rawJson } = entry;
  const key = idempotencyKey === null ? "" : `,"idempotencyKey":${JSON.stringify(idempotencyKey)}`;
  const omitted = entry.rawOmitted === true ? ',"rawOmitted":true' : "";
  const parked = status === "processed" ? "" : parkedMembers(entry as ParkedEvent);
  return (
    `{"id":"${id}","status":"${status}","clientId":${JSON.stringify(clientId)},"metric":${JSON.stringify(metric)}` +
    `,"amount":${plain(amount)},"timestamp":${plain(timestamp)},"receivedAt":"${receivedAt}"${key}${parked}` +
    `,"raw":${rawJson}${omitted}}`
  );
}

function parkedMembers({
  vouchedClientId,
  issues,
  error,
  conflictsWith,
  attempts,
  lastAttemptAt,
  resolvedAt,
}: ParkedEvent): string {
  const members = JSON.stringify({
    vouchedClientId: vouchedClientId ?? undefined,
    issues,
    error: error ?? undefined,
    conflictsWith: conflictsWith ?? undefined,
    attempts,
    lastAttemptAt,
    resolvedAt: resolvedAt ?? undefined,
  });
  return `,${members.slice(1, -1)}`;
}

/** Quotes a canonical amount or instant, which has no characters that JSON escapes. */
function plain(value: string | null): string {
  return value === null ? "null" : `"${value}"`;
}
