/**
 * Returns a count from a row.
 * @throws Error if the column has no count, because then the row is not the result of that query
 */
export function countIn(row: Readonly<Record<string, unknown>> | undefined, column: string): number {
  const count = row?.[column];
  if (typeof count === "string" && /^\d+$/.test(count)) return Number(count);
  throw new Error(`expected a count from the database in ${column}, got ${String(count)}`);
}
