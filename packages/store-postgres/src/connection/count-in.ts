/** A count that a query was asked for. @throws Error where the answer has none: it is no answer to that query. */
export function countIn(row: Readonly<Record<string, unknown>> | undefined, column: string): number {
  const count = row?.[column];
  if (typeof count === "string" && /^\d+$/.test(count)) return Number(count);
  throw new Error(`a count was expected from the database as ${column}, not ${String(count)}`);
}
