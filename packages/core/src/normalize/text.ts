import { isInexactNumber } from "../inexact-number.js";
import type { IssueCode } from "../issue.js";
import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";

/**
 * Maximum number of code points of a client id, metric or key. A Postgres index row with several of them must not exceed
 * 2,704 bytes.
 */
const MAX_TEXT_LENGTH = 255;

/** Maximum number of code points of a unit. It is part of the same index rows. */
const MAX_UNIT_LENGTH = 64;

/**
 * In UTF-8, all lone surrogates become the same three bytes, so different strings would have the same hash. Postgres
 * cannot store NUL.
 */
const ILL_FORMED = /[\0\ud800-\udfff]/u;

/** A JSON number with neither a fraction nor an exponent. */
const INTEGER = /^-?[0-9]+$/;

/** Returns whether a string has no lone surrogate and no NUL, so that any store can hold it. */
export function isWellFormed(text: string): boolean {
  return !ILL_FORMED.test(text);
}

/**
 * Returns the trimmed string of a client id, metric or key, or the problem. Case, inner spaces and Unicode form are not
 * changed. An integer becomes the string of its digits. An integer of 2^53 or more in absolute value
 * must be a bigint or an {@link InexactNumber}.
 */
export function parseText(
  value: unknown,
  name: string,
  code: IssueCode,
  most = MAX_TEXT_LENGTH,
): string | Problem {
  if (typeof value === "string") return checked(value.trim(), name, code, most);
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return String(value);
  if (isInexactNumber(value)) {
    if (INTEGER.test(value.text)) return checked(value.text, name, code, most);
    const message = `${name} is ${quoted(value.text)}; a number here must be an integer; send a string`;
    return { code, message };
  }
  if (typeof value === "number") {
    return { code, message: `${name} is ${value}; a number here must be a safe integer; send a string` };
  }
  return { code, message: `${name} is ${quoted(value)}; send a string` };
}

/** Returns the unit by the same rules, or the problem. Units are shorter. */
export function parseUnit(value: unknown): string | Problem {
  return parseText(value, "unit", "unit_invalid", MAX_UNIT_LENGTH);
}

/** Returns the problem of a tenant id, or `undefined`. A tenant id has up to 64 characters and is not trimmed. */
export function tenantIdProblem(tenantId: unknown): string | undefined {
  if (typeof tenantId !== "string") return `tenantId is ${quoted(tenantId)}; it must be a string`;
  const problem = checked(tenantId, "tenantId", "client_id_invalid", 64);
  return typeof problem === "string" ? undefined : problem.message;
}

/**
 * Returns the problem of a client id or key that the application passes, or `undefined`. The string must be canonical,
 * because it is compared with the fields of events.
 */
export function givenTextProblem(value: unknown, name: string): string | undefined {
  if (typeof value !== "string") return `${name} is ${quoted(value)}; it must be a string`;
  const text = checked(value.trim(), name, "client_id_invalid", MAX_TEXT_LENGTH);
  if (typeof text !== "string") return text.message;
  return text === value ? undefined : `${name} ${quoted(value)} has white space at its ends`;
}

function checked(text: string, name: string, code: IssueCode, most: number): string | Problem {
  if (text === "") return { code, message: `${name} is empty; leave the field out, or give it a value` };
  // checked first, so that a string of millions of characters is not read to its end
  if (text.length > most) {
    const characters = codePointsUpTo(2 * most, text);
    if (characters > most) return { code, message: tooLong(name, characters, most) };
  }
  if (!isWellFormed(text)) {
    return {
      code,
      message: `${name} ${quoted(text)} contains a lone surrogate or NUL; send well-formed Unicode`,
    };
  }
  return text;
}

function tooLong(name: string, characters: number, most: number): string {
  const size = characters > 2 * most ? `more than ${2 * most}` : characters;
  return `${name} has ${size} characters; the limit is ${most}`;
}

/** Counts the code points of a string, up to `most + 1`. */
function codePointsUpTo(most: number, text: string): number {
  let count = 0;
  for (const _ of text) if (++count > most) break;
  return count;
}
