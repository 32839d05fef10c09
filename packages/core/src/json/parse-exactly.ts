import { readJson } from "./json-reader.js";

/** Matches long numbers, exponents and escapes. A text without them is safe for `JSON.parse`. */
const NEEDS_EXACT_READER = /[\d.]{16}|\d[eE]|\\/;

/**
 * Parses JSON. The value equals the result of `JSON.parse`, with two exceptions. A number with more digits than a double
 * can hold is an `InexactNumber`. Keys with escapes are read correctly: V8 since 12.8 may confuse such a key with an
 * earlier one (https://github.com/nodejs/node/issues/63785). Takes linear time.
 * @throws SyntaxError
 */
export function parseExactly(json: string): unknown {
  return NEEDS_EXACT_READER.test(json) ? readJson(json) : JSON.parse(json);
}
