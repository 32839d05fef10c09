import { quoted } from "../quoted.js";

/**
 * The headers of a message: an object, such as `headers` of a Node request, or pairs of name and value, such as `Headers`
 * of Fetch. The case of names is ignored.
 */
export type MessageHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | Iterable<readonly [string, string]>;

/** @throws TypeError unless the value is an object or `undefined` */
export function checkHeaders(headers: unknown): void {
  if (headers === undefined || (typeof headers === "object" && headers !== null)) return;
  throw new TypeError(`headers is ${quoted(headers)}; pass the headers of a request, such as req.headers`);
}

/** Returns all values of each header, by its name in lower case. */
export function headerValues(headers: MessageHeaders): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const [name, value] of entriesOf(headers)) {
    if (value === undefined) continue;
    const key = name.toLowerCase();
    const before = values.get(key);
    const given = Array.isArray(value) ? value.map(String) : [String(value)];
    values.set(key, before === undefined ? given : [...before, ...given]);
  }
  return values;
}

function entriesOf(
  headers: MessageHeaders,
): Iterable<readonly [string, string | readonly string[] | undefined]> {
  return Symbol.iterator in headers
    ? (headers as Iterable<readonly [string, string]>)
    : Object.entries(headers);
}
