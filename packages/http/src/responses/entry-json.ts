import type { Entry, ParkedEvent } from "@evt/core";

/**
 * Returns the JSON of a counted or parked event. Copies the stored raw event unchanged, because parsing and printing it
 * can lose digits and repeated keys. `"rawOmitted": true` means that the raw event is stored but omitted. Without
 * `rawOmitted`, `"raw": null` means that no raw event is stored.
 */
export function entryJson(entry: Entry): string {
  const { id, status, clientId, metric, amount, timestamp, receivedAt, idempotencyKey, rawJson } = entry;
  const unit = entry.unit === null ? "" : `,"unit":${JSON.stringify(entry.unit)}`;
  const dimensions = entry.dimensions === null ? "" : `,"dimensions":${JSON.stringify(entry.dimensions)}`;
  const key = idempotencyKey === null ? "" : `,"idempotencyKey":${JSON.stringify(idempotencyKey)}`;
  const omitted = entry.rawOmitted === true ? ',"rawOmitted":true' : "";
  const parked = status === "processed" ? "" : parkedMembers(entry as ParkedEvent);
  return (
    `{"id":"${id}","status":"${status}","clientId":${JSON.stringify(clientId)},"metric":${JSON.stringify(metric)}` +
    `,"amount":${plain(amount)}${unit}${dimensions},"timestamp":${plain(timestamp)},"receivedAt":"${receivedAt}"${key}${parked}` +
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
