import { markdownTable } from "@evt/figures";
import type { Standing } from "./standing.js";

const HEAD = ["row", "value", "against", "ratio", "bar", "holds"] as const;
/** Columns with numbers. */
const ALIGNED_RIGHT: ReadonlySet<string> = new Set(["value", "ratio", "bar"]);

export function table(standings: readonly Standing[]): string {
  return markdownTable(HEAD, standings.map(cells), ALIGNED_RIGHT);
}

/** Returns a table with the values of some rows, without comparisons. */
export function valueTable(standings: readonly Standing[], rows: readonly string[]): string {
  const chosen = rows
    .map((name) => standings.find(({ row }) => row === name))
    .filter((found) => found != null);
  const lines = chosen.map(({ row, value, unit }) => [row, `${figure(value)} ${unit.name}`]);
  return markdownTable(["row", "value"], lines, ALIGNED_RIGHT);
}

function cells({ row, value, unit, against, ratio, bar, holds }: Standing): readonly string[] {
  return [
    row,
    `${figure(value)} ${unit.name}`,
    against ?? "",
    ratio === null ? "" : figure(ratio),
    bar === null ? "" : `${unit.better === "more" ? "≥" : "≤"} ${bar}`,
    holds === null ? "" : holds ? "yes" : "no",
  ];
}

/** Formats values below 100 with three digits, and others as integers. */
function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}
