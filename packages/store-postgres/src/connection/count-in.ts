/**
 * Returns a count from a row.
 * @throws Error if the column does not contain a count, which means that the row belongs to another query
 */
export function countIn(row: Readonly<Record<string, unknown>> | undefined, column: string): number {
  const count = row?.[column];
  if (typeof count === "string" && /^\d+$/.test(count)) return Number(count);
  throw new Error(`expected a count from the database in ${column}, got ${String(count)}`);
}
