/**
 * Returns the count in `column` of `row`.
 * @throws Error if `row` is missing or `column` does not contain a count. Both are bugs.
 */
export function countIn(row: Readonly<Record<string, unknown>> | undefined, column: string): number {
  const count = row?.[column];
  if (typeof count === "string" && /^\d+$/.test(count)) return Number(count);
  throw new Error(`expected a count from the database in ${column}, got ${String(count)}`);
}
