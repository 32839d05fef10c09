import { type LineAndColumn, lineAndColumn, whyNotJson } from "@evt/core/json";

/** The first position at which a string is not JSON. */
export interface JsonError extends LineAndColumn {
  readonly message: string;
}

/**
 * Returns `null` for JSON. Uses the reader of the server: engines disagree on whether and how they report the place of
 * an error.
 */
export function jsonError(text: string): JsonError | null {
  const why = whyNotJson(text);
  if (why === undefined) return null;
  const message = text.trim() === "" ? "there is nothing here yet" : why.message;
  return { ...lineAndColumn(text, why.offset), message };
}
