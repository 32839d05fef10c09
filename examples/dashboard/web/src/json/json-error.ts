import { type LineAndColumn, lineAndColumn, whyNotJson } from "@evt/core/json";

/** The first position at which a string is not valid JSON, with the reason. */
export interface JsonError extends LineAndColumn {
  readonly message: string;
}

/**
 * Returns the error of invalid JSON, or `null` for valid JSON. Uses the server's JSON reader, because browsers report the
 * position of an error in different ways or not at all.
 */
export function jsonError(text: string): JsonError | null {
  const why = whyNotJson(text);
  if (why === undefined) return null;
  const message = text.trim() === "" ? "there is nothing here yet" : why.message;
  return { ...lineAndColumn(text, why.offset), message };
}
