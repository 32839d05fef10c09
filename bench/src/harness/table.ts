import { markdownTable } from "@evt/figures";
import type { Standing } from "./standing.js";

const HEAD = ["row", "value", "against", "ratio", "bar", "holds"] as const;
/** Texts stand to the left, figures to the right. */
const TO_THE_RIGHT: ReadonlySet<string> = new Set(["value", "ratio", "bar"]);

export function table(standings: readonly Standing[]): string {
  return markdownTable(HEAD, standings.map(cells), TO_THE_RIGHT);
}

/** The values of a few rows, without what they are compared with. */
export function valueTable(standings: readonly Standing[], rows: readonly string[]): string {
  const chosen = rows
    .map((name) => standings.find(({ row }) => row === name))
    .filter((found) => found != null);
  const lines = chosen.map(({ row, value, unit }) => [row, `${figure(value)} ${unit.name}`]);
  return markdownTable(["row", "value"], lines, TO_THE_RIGHT);
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

/** Three digits of what is small, all whole digits of what is large. */
function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}
