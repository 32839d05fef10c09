/**
 * A table in Markdown, its columns aligned so that it reads as well on a terminal. Texts stand to the left; the columns
 * that are named hold figures, and stand to the right.
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  toTheRight: ReadonlySet<string>,
): string {
  const columns = head.map((name, column) => {
    const texts = [name, ...rows.map((row) => row[column] ?? "")];
    const width = Math.max(...texts.map((text) => text.length));
    const right = toTheRight.has(name);
    const rule = right ? `${"-".repeat(width - 1)}:` : "-".repeat(width);
    const [title, ...cells] = texts.map((text) => (right ? text.padStart(width) : text.padEnd(width)));
    return [title, rule, ...cells];
  });
  const lines = Array.from({ length: rows.length + 2 }, (_, line) => columns.map((column) => column[line]));
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
