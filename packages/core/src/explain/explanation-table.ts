import type { DimensionKey } from "../event.js";
import type { Field } from "../issue.js";
import type { ExplainedEvent } from "./explained-event.js";

const FIELDS = [
  "clientId",
  "metric",
  "amount",
  "unit",
  "timestamp",
  "idempotencyKey",
] as const satisfies readonly Field[];
const HEAD = ["sample", "", "value", "from"] as const;
/** Maximum length of a value. A longer value is truncated, so that its line remains readable. */
const MOST_CHARS = 40;
/** Line breaks and other control characters, which would break the table or control the terminal. */
const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

type Row = readonly [string, string, string, string];

/** Returns a table with a line for each field that was read, and for each issue. */
export function explanationTable(events: readonly ExplainedEvent[]): string {
  const rows: Row[] = [HEAD, ...events.flatMap(rowsOf)];
  const widths = HEAD.slice(0, -1).map((_, i) => Math.max(...rows.map((row) => (row[i] as string).length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function rowsOf({ index, part, canonical, provenance, issues }: ExplainedEvent): Row[] {
  const sample = part === undefined ? `${index}` : `${index}.${part}`;
  const fields = FIELDS.flatMap((field): Row[] => {
    const value = canonical[field];
    return value === undefined || value === null
      ? []
      : [[sample, field, shown(value), shown(provenance[field] ?? "")]];
  });
  const dimensions = Object.entries(canonical.dimensions ?? {}).map(([name, value]): Row => {
    const key: DimensionKey = `dimension.${name}`;
    return [sample, key, shown(value), shown(provenance[key] ?? "")];
  });
  const refused = issues.map(({ code, path, message }): Row => {
    const why = path === "" ? message : `${path}: ${message}`;
    return [sample, "refused", code, why.replace(CONTROLS, " ")];
  });
  return [...fields, ...dimensions, ...refused];
}

function shown(value: string): string {
  const line = value.replace(CONTROLS, " ");
  return line.length > MOST_CHARS ? `${line.slice(0, MOST_CHARS - 1).toWellFormed()}…` : line;
}
