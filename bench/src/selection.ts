import type { Row } from "./contest.js";

/** The rows that are named, all where none is, and the rows that those are held against. */
export function selectedRows(rows: readonly Row[], only: readonly string[]): readonly Row[] {
  if (only.length === 0) return rows;
  const wanted = new Set(only);
  // a set that grows is walked to its end: what a floor is held against is wanted, too
  for (const name of wanted) {
    for (const { against } of rows.find((row) => row.name === name)?.comparisons ?? []) {
      if (against !== null) wanted.add(against);
    }
  }
  return rows.filter((row) => wanted.has(row.name));
}
