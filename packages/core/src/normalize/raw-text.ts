/**
 * The part of a raw event that is stored. `keep` stores all of it, and `drop` stores nothing. A function returns the
 * value to store. If the function throws, no raw event is stored.
 *
 * @example
 * const raw: RawPolicy = (event) => ({ ...(event as object), email: undefined });
 */
export type RawPolicy = "keep" | "drop" | ((raw: unknown) => unknown);

/**
 * Returns the JSON text of a raw event. If it has none, returns other JSON text that describes the value, so that a
 * rejected event can be inspected.
 */
export function rawText(raw: unknown): string {
  try {
    return JSON.stringify(raw) ?? JSON.stringify(String(raw));
  } catch {
    return lenientText(raw);
  }
}

/**
 * Returns the JSON text that the caller passed. Writes a lone surrogate as an escape, as `JSON.stringify` does, because
 * UTF-8 cannot encode it.
 */
export function givenText(text: string): string {
  return text.isWellFormed() ? text : text.replace(/[\ud800-\udfff]/gu, escaped);
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16)}`;
}

/**
 * Returns the JSON text to store, or `null` to store nothing. If the application's function throws, returns `null`,
 * because the raw event may have data that must not be stored.
 */
export function keptText(policy: RawPolicy, raw: unknown, text: string): string | null {
  if (policy === "keep") return text;
  if (policy === "drop") return null;
  try {
    return rawText(policy(raw));
  } catch {
    return null;
  }
}

/** Handles values for which `JSON.stringify` throws: a bigint, a cycle, or nesting that overflows the stack. */
function lenientText(raw: unknown): string {
  try {
    const text = JSON.stringify(raw, (_, value: unknown) =>
      typeof value === "bigint" ? value.toString() : value,
    );
    return text ?? JSON.stringify("not JSON");
  } catch (error) {
    return JSON.stringify(`not JSON: ${messageOf(error)}`);
  }
}

/** Returns a message for any thrown value, even if reading its own message throws. */
function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "it throws when it is read";
  }
}
