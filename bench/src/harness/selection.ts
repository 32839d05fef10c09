import { type Row, rivalsOf } from "./contest.js";

/** The rows that are named, all where none is, and the rows that those are held against. */
export function selectedRows(rows: readonly Row[], only: readonly string[]): readonly Row[] {
  if (only.length === 0) return rows;
  const wanted = new Set(only);
  // a set that grows is walked to its end: what a floor is held against is wanted, too
  for (const name of wanted) {
    const row = rows.find((each) => each.name === name);
    for (const rival of row === undefined ? [] : rivalsOf(row)) wanted.add(rival);
  }
  return rows.filter((row) => wanted.has(row.name));
}
