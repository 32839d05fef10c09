import type { Entry, ParkedEvent } from "@evt/core";
import { csvRecord } from "./csv.js";

const COLUMNS = [
  "id",
  "status",
  "clientId",
  "metric",
  "amount",
  "unit",
  "dimensions",
  "timestamp",
  "receivedAt",
  "idempotencyKey",
  "issues",
] as const;

export const entryCsvHeader = csvRecord(COLUMNS);

/** Returns the CSV record of a counted or parked event, without its raw event. */
export function entryCsv(entry: Entry): string {
  const { id, status, clientId, metric, amount, unit, dimensions, timestamp, receivedAt, idempotencyKey } =
    entry;
  const values = dimensions === null ? null : JSON.stringify(dimensions);
  const codes = status === "processed" ? null : codesOf(entry as ParkedEvent);
  return csvRecord([
    ...[id, status, clientId, metric, amount, unit, values],
    ...[timestamp, receivedAt, idempotencyKey, codes],
  ]);
}

/** Returns the codes of a parked event's issues and error, separated by spaces. */
function codesOf({ issues, error }: ParkedEvent): string {
  return [...issues.map(({ code }) => code), ...(error === null ? [] : [error.code])].join(" ");
}
