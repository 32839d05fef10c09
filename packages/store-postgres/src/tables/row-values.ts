/** Returns SQL that prints an instant in UTC, regardless of the session's time zone and date style. */
export const instantText = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Returns a hash in the input format of `bytea`. */
export const bytea = (hex: string): string => `\\x${hex}`;

/** Returns an instant in canonical form: with six decimals of a second, or with three if the last three are zero. */
export function instant(value: unknown): string {
  const full = text(value);
  return full.endsWith("000Z") ? `${full.slice(0, -4)}Z` : full;
}

/**
 * Returns a string from a row.
 * @throws Error if the database returned something else
 */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new Error(`expected a string from the database, got ${String(value)}`);
}

/** Returns a string or null from a row. */
export function textOrNull(value: unknown): string | null {
  return value === null ? null : text(value);
}
