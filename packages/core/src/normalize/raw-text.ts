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
    return JSON.stringify(raw, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
  } catch (error) {
    return JSON.stringify(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
