/** The functions of `JSON` in ECMAScript 2026, which TypeScript's types do not have yet. */
interface SourceTextJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context?: { source?: string }) => unknown,
  ): unknown;
  rawJSON?(source: string): unknown;
}

const json = JSON as SourceTextJson;

/**
 * Parses JSON. A number that JavaScript would print in another form keeps its source, so that `JSON.stringify` prints the
 * digits that the client sent. In engines without `JSON.rawJSON`, the number is rounded.
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
