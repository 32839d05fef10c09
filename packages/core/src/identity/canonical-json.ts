import { isInexactNumber } from "../inexact-number.js";

/**
 * Returns canonical JSON by RFC 8785 (JSON Canonicalization Scheme): members sorted by UTF-16 code units, no white space,
 * numbers and strings as ECMAScript prints them. It can be computed in any language.
 * @throws TypeError if the value is not I-JSON: an infinite number or `NaN`, a lone surrogate, `undefined`, a function
 */
export function canonicalJson(value: unknown): string {
  return written(value, canonicalText);
}

/**
 * Returns canonical JSON in which a number and the string of its digits are the same, because many senders write an id both
 * ways: a string that is how RFC 8785 prints a number is written as that number. A number that a double cannot hold is
 * written as the string of its digits.
 * @throws TypeError as `canonicalJson`
 */
export function identifyingJson(value: unknown): string {
  return written(value, digitsOrText);
}

function written(value: unknown, text: (value: string) => string): string {
  if (typeof value === "string") return text(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value === "boolean" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => written(item, text)).join(",")}]`;
  if (isPlain(value)) return writtenObject(value, text);
  if (text === digitsOrText) {
    if (typeof value === "bigint") return text(String(value));
    if (isInexactNumber(value)) return text(value.text);
  }
  throw new TypeError(`${String(value)} has no canonical JSON`);
}

function writtenObject(value: Readonly<Record<string, unknown>>, text: (value: string) => string): string {
  const members = Object.keys(value)
    .sort()
    .map((key) => `${canonicalText(key)}:${written(value[key], text)}`);
  return `{${members.join(",")}}`;
}

function canonicalText(text: string): string {
  if (!text.isWellFormed()) throw new TypeError("a lone surrogate has no canonical JSON");
  return JSON.stringify(text);
}

/** Longer than any number that ECMAScript prints. */
const MOST_PRINTED = 32;

function digitsOrText(text: string): string {
  const isNumber = /^-?\d/.test(text) && text.length <= MOST_PRINTED && String(Number(text)) === text;
  return isNumber ? text : canonicalText(text);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
