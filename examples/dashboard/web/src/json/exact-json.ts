/** `JSON.parse` and `JSON.stringify` of ECMAScript 2026. The types of TypeScript do not have them yet. */
interface SourceTextJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context?: { source?: string }) => unknown,
  ): unknown;
  rawJSON?(source: string): unknown;
}

const json = JSON as SourceTextJson;

/**
 * Parses JSON, and keeps each number that a double cannot hold as it was written, for `JSON.stringify` to print:
 * a raw event is shown with the digits that were sent. Engines without `JSON.rawJSON` show the rounded number.
 */
export function parseExactly(text: string): unknown {
  const { rawJSON } = json;
  if (!rawJSON) return JSON.parse(text);
  return json.parse(text, (_key, value, context) => {
    const source = context?.source;
    const faithful = typeof value !== "number" || source === undefined || String(value) === source;
    return faithful ? value : rawJSON(source);
  });
}

export function prettyJson(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? "null";
}
