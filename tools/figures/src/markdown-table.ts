/** Returns a Markdown table with padded cells, readable on a terminal. The columns in `alignedRight` contain numbers. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignedRight: ReadonlySet<string>,
): string {
  const columns = head.map((name, column) => {
    const texts = [name, ...rows.map((row) => row[column] ?? "")];
    const width = Math.max(...texts.map((text) => text.length));
    const right = alignedRight.has(name);
    const rule = right ? `${"-".repeat(width - 1)}:` : "-".repeat(width);
    const [title, ...cells] = texts.map((text) => (right ? text.padStart(width) : text.padEnd(width)));
    return [title, rule, ...cells];
  });
  const lines = Array.from({ length: rows.length + 2 }, (_, line) => columns.map((column) => column[line]));
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
