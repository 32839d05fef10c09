import { isInexactNumber } from "../inexact-number.js";

/**
 * Returns canonical JSON by RFC 8785 (JSON Canonicalization Scheme). Members are sorted by UTF-16 code units, there is no
 * white space between tokens, and numbers and strings are written as in ECMAScript. Other languages have libraries for
 * this format.
 * @throws TypeError if the value has no such form, for example an infinite number, a lone surrogate or `undefined`
 */
export function canonicalJson(value: unknown): string {
  return written(value, canonicalText);
}

/** Canonical JSON of data that is part of an identity. */
export interface IdentifyingJson {
  readonly json: string;
  /** The JSON of earlier versions. `undefined` if it equals `json`, or if they refused the data. */
  readonly former: string | undefined;
}

/**
 * Returns canonical JSON in which a number equals the string of its digits, because many senders write an id both ways. A
 * string that is exactly the RFC 8785 form of a number is written as that number. A bigint or {@link InexactNumber} is
 * written like the string of its digits.
 * @throws TypeError like `canonicalJson`
 */
export function identifyingJson(value: unknown): IdentifyingJson {
  let hasDigits = false;
  let wasRejected = false;
  const text = (each: string) => {
    if (!isPrintedNumber(each)) return canonicalText(each);
    hasDigits = true;
    return each;
  };
  const large = (each: unknown) => {
    wasRejected = true;
    if (typeof each === "bigint") return text(String(each));
    return isInexactNumber(each) ? text(each.text) : undefined;
  };
  const json = written(value, text, large);
  return { json, former: hasDigits && !wasRejected ? canonicalJson(value) : undefined };
}

/** @param large - writes a bigint or an inexact number. Returns `undefined` for other values */
function written(
  value: unknown,
  text: (value: string) => string,
  large: (value: unknown) => string | undefined = () => undefined,
): string {
  if (typeof value === "string") return text(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value === "boolean" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => written(item, text, large)).join(",")}]`;
  if (isPlain(value)) return writtenObject(value, (member) => written(member, text, large));
  const number = large(value);
  if (number !== undefined) return number;
  throw new TypeError(`${String(value)} has no canonical JSON`);
}

function writtenObject(value: Readonly<Record<string, unknown>>, member: (value: unknown) => string): string {
  const members = Object.keys(value)
    .sort()
    .map((key) => `${canonicalText(key)}:${member(value[key])}`);
  return `{${members.join(",")}}`;
}

function canonicalText(text: string): string {
  if (!text.isWellFormed()) throw new TypeError("a lone surrogate has no canonical JSON");
  return JSON.stringify(text);
}

/** A string with more characters is not the ECMAScript form of a number. */
const MOST_PRINTED = 32;

function isPrintedNumber(text: string): boolean {
  return /^-?\d/.test(text) && text.length <= MOST_PRINTED && String(Number(text)) === text;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
