import { readJson } from "./json-reader.js";

/** What a double may not hold, and what a key with escapes has: `JSON.parse` is used for texts that have neither. */
const DELICATE = /[\d.]{16}|\d[eE]|\\/;

/**
 * Parses JSON. The value is that of `JSON.parse`, except that a number with more digits than a double keeps is an
 * `InexactNumber`, and that keys with escapes are read right (V8 since 12.8 may take one for another key that came
 * before: https://github.com/nodejs/node/issues/63785). Linear in the length of the text, without recursion where that
 * matters.
 * @throws SyntaxError
 */
export function parseExactly(json: string): unknown {
  return DELICATE.test(json) ? readJson(json) : JSON.parse(json);
}
