/** How the raw event is kept: as it was sent, not at all, or as what the function makes of it. */
export type RawPolicy = "keep" | "drop" | ((raw: unknown) => unknown);

/** The JSON text of a raw event. What JSON cannot say is said as text, so that a refused event can still be looked at. */
export function rawText(raw: unknown): string {
  try {
    return JSON.stringify(raw) ?? JSON.stringify(String(raw));
  } catch {
    return lenientText(raw);
  }
}

/**
 * A text that the caller gave for a raw event. A lone surrogate in it has no UTF-8 and would become another character;
 * as `JSON.stringify` writes it, as an escape, it stays what it was.
 */
export function givenText(text: string): string {
  return text.isWellFormed() ? text : text.replace(/[\ud800-\udfff]/gu, escaped);
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16)}`;
}

/** The text to be stored. A redaction that throws stores nothing: never the raw event instead. */
export function keptText(policy: RawPolicy, raw: unknown, text: string): string | null {
  if (policy === "keep") return text;
  if (policy === "drop") return null;
  try {
    return rawText(policy(raw));
  } catch {
    return null;
  }
}

/** For values `JSON.stringify` throws on: a bigint, a cycle, a nesting that overflows the stack. */
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

/** Whatever was thrown, also what throws when it is looked at. */
function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "it throws when it is read";
  }
}
