/** An instant as text, whatever the session's time zone and date style. */
export const instantText = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** A hash as `bytea` reads it from text. */
export const bytea = (hex: string): string => `\\x${hex}`;

/** Canonical: three decimals where the other three are zero. */
export function instant(value: unknown): string {
  const full = text(value);
  return full.endsWith("000Z") ? `${full.slice(0, -4)}Z` : full;
}

/** @throws Error where the database answered something else */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new Error(`a text was expected from the database, not ${String(value)}`);
}

export function textOrNull(value: unknown): string | null {
  return value === null ? null : text(value);
}
