/** The schema as an identifier in SQL: the only value that is ever interpolated. @throws TypeError */
export function quotedSchema(schema: string): string {
  // 63 bytes is where Postgres cuts an identifier without an error; pg_ is its own.
  if (typeof schema === "string" && /^(?!pg_)[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(schema))
    return `"${schema}"`;
  throw new TypeError(
    `schema ${JSON.stringify(schema)} will not do: it must be 1 to 63 letters, digits, _ and -, beginning with a letter or _, and not with pg_`,
  );
}
