/**
 * Returns the schema as a quoted SQL identifier. No other string from an application is interpolated into SQL.
 * @throws TypeError if the name is not valid
 */
export function quotedSchema(schema: string): string {
  // Postgres truncates identifiers after 63 bytes without an error, and reserves the prefix pg_.
  if (typeof schema === "string" && /^(?!pg_)[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(schema))
    return `"${schema}"`;
  throw new TypeError(
    `schema is ${JSON.stringify(schema)}; it must have 1 to 63 letters, digits, _ or -, begin with a letter or _, and not begin with pg_`,
  );
}
