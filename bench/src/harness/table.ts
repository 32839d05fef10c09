import type { Standing } from "./standing.js";

const HEAD = ["row", "value", "against", "ratio", "bar", "holds"] as const;
/** Texts stand to the left, figures to the right. */
const TO_THE_RIGHT: ReadonlySet<string> = new Set(["value", "ratio", "bar"]);

/** A table in Markdown, its columns aligned so that it reads as well on a terminal. */
export function table(standings: readonly Standing[]): string {
  const rows = [HEAD, ...standings.map(cells)];
  const columns = HEAD.map((name, column) =>
    aligned(
      name,
      rows.map((row) => row[column] as string),
    ),
  );
  const [head, ...body] = rows.map((_, line) => columns.map(({ texts }) => texts[line] as string));
  const rule = columns.map(({ rule }) => rule);
  return [head, rule, ...body].map((line) => `| ${(line as string[]).join(" | ")} |`).join("\n");
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

function aligned(name: string, texts: readonly string[]) {
  const width = Math.max(...texts.map((text) => text.length));
  const right = TO_THE_RIGHT.has(name);
  return {
    texts: texts.map((text) => (right ? text.padStart(width) : text.padEnd(width))),
    rule: right ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  };
}
