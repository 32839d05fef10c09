import { parseExactly } from "../json/parse-exactly.js";
import { isObject } from "../normalize/field-lookup.js";

/**
 * Returns the value at a path of an object, or `undefined`. For `unwrap` functions, because the type of a raw event is
 * unknown.
 */
export function member(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const name of path) at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  return at;
}

/** Returns the array at a path of an object. @throws TypeError if there is no array */
export function arrayIn(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = member(value, ...path);
  if (Array.isArray(found)) return found;
  throw new TypeError(`there is no array at ${path.join(".")}`);
}

/**
 * Parses the JSON in a string. Numbers keep all digits, as `InexactNumber` if necessary.
 * @throws TypeError if the value is not a string, SyntaxError if the string is not JSON
 */
export function fromJson(text: unknown): unknown {
  if (typeof text !== "string") throw new TypeError("there is no string with JSON");
  return parseExactly(text);
}

/** Decodes Base64 to UTF-8 text. @throws TypeError or DOMException if the value is not a string with Base64 of UTF-8 */
export function fromBase64(text: unknown): string {
  if (typeof text !== "string") throw new TypeError("there is no string with Base64");
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/** Returns the event with the currency as its `unit`, in upper case, because senders differ in case. */
export function inCurrency(event: unknown, currency: unknown): unknown {
  return isObject(event) && typeof currency === "string" ? { ...event, unit: currency.toUpperCase() } : event;
}
