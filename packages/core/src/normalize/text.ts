import type { IssueCode } from "../issue.js";
import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";

/** Most characters (code points) of a client id, a metric or a key: they stand together in an index row of at most 2,704 bytes. */
const MAX_TEXT_LENGTH = 255;

/** Lone surrogates encode to the same three bytes, so two different texts would hash alike; NUL no Postgres text can hold. */
const UNTELLABLE = /[\0\ud800-\udfff]/u;

/** Whether a text has no lone surrogate and no NUL: any store can hold it, and tell it from others. */
export function isWellFormed(text: string): boolean {
  return !UNTELLABLE.test(text);
}

/** The trimmed text of a name-like field, or what is wrong with it. Case, inner spaces and Unicode form stay as they are. */
export function parseText(value: unknown, name: string, code: IssueCode): string | Problem {
  if (typeof value === "string") return checked(value.trim(), name, code, MAX_TEXT_LENGTH);
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return String(value);
  if (typeof value === "number") {
    return { code, message: `${name} is ${value}; a number here must be a safe integer, so send a text` };
  }
  return { code, message: `${name} is ${quoted(value)}; send a text` };
}

/** The same rules for a tenant id, which comes from the application: what is wrong with it, or `undefined`. */
export function tenantIdProblem(tenantId: unknown): string | undefined {
  if (typeof tenantId !== "string") return `tenantId is ${quoted(tenantId)}; it must be a text`;
  const problem = checked(tenantId, "tenantId", "client_id_invalid", 64);
  return typeof problem === "string" ? undefined : problem.message;
}

/**
 * The same rules for a client or a key that comes from the application. It must be canonical, since it is compared with
 * what events say.
 */
export function givenTextProblem(value: unknown, name: string): string | undefined {
  if (typeof value !== "string") return `${name} is ${quoted(value)}; it must be a text`;
  const text = checked(value.trim(), name, "client_id_invalid", MAX_TEXT_LENGTH);
  if (typeof text !== "string") return text.message;
  return text === value ? undefined : `${name} ${quoted(value)} has white space at its ends`;
}

function checked(text: string, name: string, code: IssueCode, most: number): string | Problem {
  if (text === "") return { code, message: `${name} is empty; leave the field out, or name it` };
  // first, so that a text of millions of characters is not looked at any further
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

/** The code points of a text; `most + 1` where there are more. */
function codePointsUpTo(most: number, text: string): number {
  let count = 0;
  for (const _ of text) if (++count > most) break;
  return count;
}
