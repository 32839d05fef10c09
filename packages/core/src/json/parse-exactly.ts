import { readJson } from "./json-reader.js";

/** Matches long numbers, exponents and escapes. `JSON.parse` reads a text without them exactly. */
const NEEDS_EXACT_READER = /[\d.]{16}|\d[eE]|\\/;

/**
 * Parses JSON in linear time. The value equals the result of `JSON.parse`, with two exceptions. A number with digits that
 * a double does not keep, or an integer of 2^53 or more in absolute value, is an `InexactNumber`. Keys with escapes are
 * read correctly: V8 since 12.8 may confuse such a key with an earlier one (https://github.com/nodejs/node/issues/63785).
 * @throws SyntaxError
 */
export function parseExactly(json: string): unknown {
  return NEEDS_EXACT_READER.test(json) ? readJson(json) : JSON.parse(json);
}
