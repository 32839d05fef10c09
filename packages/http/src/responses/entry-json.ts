import type { Entry, ParkedEvent } from "@evt/core";

/**
 * The JSON of a counted or a parked event. The raw event goes in as it was kept, letter for letter: parsed and
 * printed anew it would lose digits and doubled keys. One that is left out is told from one that was not kept.
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

/** A canonical amount or instant holds nothing that JSON would escape. */
function plain(text: string | null): string {
  return text === null ? "null" : `"${text}"`;
}
