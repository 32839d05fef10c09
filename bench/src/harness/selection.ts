import { type Row, rivalsOf } from "./contest.js";

/** Returns the named rows and the rows that they are compared with, or all rows if none is named. */
export function selectedRows(rows: readonly Row[], only: readonly string[]): readonly Row[] {
  if (only.length === 0) return rows;
  const wanted = new Set(only);
  // the loop also visits names that it adds
  for (const name of wanted) {
    const row = rows.find((each) => each.name === name);
    for (const rival of row === undefined ? [] : rivalsOf(row)) wanted.add(rival);
  }
  return rows.filter((row) => wanted.has(row.name));
}
