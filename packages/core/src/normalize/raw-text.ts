/**
 * What is stored of a raw event: `keep` stores it as it was sent, `drop` stores nothing, a function returns what to store. If
 * the function throws, nothing is stored.
 *
 * @example
 * const raw: RawPolicy = (event) => ({ ...(event as object), email: undefined });
 */
export type RawPolicy = "keep" | "drop" | ((raw: unknown) => unknown);

/** Returns the JSON text of a raw event. Values that JSON does not have become strings, so that a rejected event can be inspected. */
export function rawText(raw: unknown): string {
  try {
    return JSON.stringify(raw) ?? JSON.stringify(String(raw));
  } catch {
    return lenientText(raw);
  }
}

/**
 * Returns the JSON text that the caller passed. A lone surrogate has no UTF-8 and would become another character, so it is
 * written as an escape, as `JSON.stringify` does.
 */
export function givenText(text: string): string {
  return text.isWellFormed() ? text : text.replace(/[\ud800-\udfff]/gu, escaped);
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16)}`;
}

/** Returns the text to store. If the redaction throws, nothing is stored, and never the raw event. */
export function keptText(policy: RawPolicy, raw: unknown, text: string): string | null {
  if (policy === "keep") return text;
  if (policy === "drop") return null;
  try {
    return rawText(policy(raw));
  } catch {
    return null;
  }
}

/** For values on which `JSON.stringify` throws: a bigint, a cycle, nesting that overflows the stack. */
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

/** Returns the message of any thrown value, even one that throws when it is read. */
function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "it throws when it is read";
  }
}
