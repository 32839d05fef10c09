import { InexactNumber } from "../inexact-number.js";
import { isExactNumber } from "./exact-number.js";
import { endOfPlainCharacters, isJsonSpace, JSON_CODE } from "./json-characters.js";

/** The error for a text that is not JSON. */
export class NotJson extends SyntaxError {
  /** The index of the first character that JSON does not allow. If the text ends too early, the length of the text. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Reads JSON (RFC 8259) in linear time and without recursion. The value equals the result of `JSON.parse`, except that a
 * number is an {@link InexactNumber} if {@link isExactNumber} returns `false` for it.
 *
 * Slower than `JSON.parse` for many short members, but not for long strings without escapes.
 * @throws NotJson
 */
export function readJson(text: string): unknown {
  return new JsonReader(text).read();
}

/**
 * Returns the reason why a text is not JSON, or `undefined` if it is JSON.
 * @param elementAt - the index of an element of the outermost array. Reading begins there, and the text before must be
 * valid. @defaultValue the beginning of the text
 */
export function whyNotJson(text: string, elementAt?: number): NotJson | undefined {
  try {
    new JsonReader(text).read(elementAt);
    return undefined;
  } catch (error) {
    if (error instanceof NotJson) return error;
    throw error;
  }
}

type Container = unknown[] | Record<string, unknown>;

const { QUOTE, PLUS, COMMA, MINUS, POINT, ZERO, NINE, COLON, BACKSLASH } = JSON_CODE;
const { UPPER_A, UPPER_E, UPPER_F, LOWER_A, LOWER_E, LOWER_F, LOWER_U } = JSON_CODE;
const { OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE } = JSON_CODE;

const LITERALS: readonly (readonly [text: string, value: unknown])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

class JsonReader {
  readonly #text: string;
  #at = 0;
  /** The open arrays and objects, the outermost first. */
  readonly #open: Container[] = [];
  /** For each open object, the key whose value is read next. For each open array, "". */
  readonly #keys: string[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(elementAt?: number): unknown {
    if (elementAt !== undefined) this.#enter([], elementAt);
    let value = this.#begin();
    while (this.#open.length > 0) {
      const container = this.#open.at(-1) as Container;
      if (value !== NOTHING) this.#put(container, value);
      value = this.#next(container, value === NOTHING);
    }
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected("the end of the text");
    return value;
  }

  /** Reads the value that begins at the current position. Returns `NOTHING` if an array or object begins there. */
  #begin(): unknown {
    this.#skipSpace();
    const code = this.#text.charCodeAt(this.#at);
    if (code === QUOTE) return this.#readString();
    if (code === OPEN_BRACE) return this.#enter({});
    if (code === OPEN_BRACKET) return this.#enter([]);
    if (code === MINUS || isDigit(code)) return this.#readNumber();
    for (const [text, value] of LITERALS) {
      if (!this.#text.startsWith(text, this.#at)) continue;
      this.#at += text.length;
      return value;
    }
    throw this.#unexpected(`a value${adviceAt(this.#text, this.#at)}`);
  }

  #enter(container: Container, begin = this.#at + 1): typeof NOTHING {
    this.#at = begin;
    this.#open.push(container);
    this.#keys.push("");
    return NOTHING;
  }

  #put(container: Container, value: unknown): void {
    if (Array.isArray(container)) container.push(value);
    else define(container, this.#keys.at(-1) as string, value);
  }

  /**
   * Reads the next value of an open array or object. If the array or object ends at the current position, returns the
   * array or object itself.
   */
  #next(container: Container, isFirst: boolean): unknown {
    const isArray = Array.isArray(container);
    this.#skipSpace();
    const code = this.#text.charCodeAt(this.#at);
    if (code === (isArray ? CLOSE_BRACKET : CLOSE_BRACE)) {
      this.#at++;
      this.#keys.pop();
      return this.#open.pop();
    }
    if (!isFirst) {
      if (code !== COMMA) throw this.#unexpected(isArray ? "',' or ']'" : "',' or '}'");
      this.#at++;
    }
    if (!isArray) this.#readKey();
    return this.#begin();
  }

  #readKey(): void {
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== QUOTE) throw this.#unexpected("a key in double quotes");
    this.#keys[this.#keys.length - 1] = this.#readString();
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== COLON) throw this.#unexpected("':'");
    this.#at++;
  }

  #readString(): string {
    const text = this.#text;
    const begin = this.#at;
    let escaped = false;
    let end = endOfPlainCharacters(text, begin + 1);
    while (text.charCodeAt(end) === BACKSLASH) {
      escaped = true;
      end = endOfPlainCharacters(text, this.#endOfEscape(end) + 1);
    }
    if (text.charCodeAt(end) !== QUOTE) throw this.#unexpected("a character of a string, or '\"'", end);
    this.#at = end + 1;
    return escaped ? (JSON.parse(text.slice(begin, end + 1)) as string) : text.slice(begin + 1, end);
  }

  /** Returns the index of the last character of the escape. */
  #endOfEscape(begin: number): number {
    const text = this.#text;
    const code = text.charCodeAt(begin + 1);
    if (ESCAPED.has(code)) return begin + 1;
    let end = begin + 1;
    while (code === LOWER_U && end < begin + 5 && isHex(text.charCodeAt(end + 1))) end++;
    if (end === begin + 5) return end;
    throw new NotJson(`${JSON.stringify(this.#text.slice(begin, begin + 2))} is not an escape`, begin);
  }

  #readNumber(): number | InexactNumber {
    const text = this.#text;
    const begin = this.#at;
    if (text.charCodeAt(this.#at) === MINUS) this.#at++;
    if (text.charCodeAt(this.#at) === ZERO) this.#at++;
    else this.#skipDigits();
    if (text.charCodeAt(this.#at) === POINT) {
      this.#at++;
      this.#skipDigits();
    }
    const code = text.charCodeAt(this.#at);
    if (code === LOWER_E || code === UPPER_E) {
      const sign = text.charCodeAt(++this.#at);
      if (sign === PLUS || sign === MINUS) this.#at++;
      this.#skipDigits();
    }
    const number = text.slice(begin, this.#at);
    return isExactNumber(number) ? Number(number) : new InexactNumber(number);
  }

  #skipDigits(): void {
    if (!isDigit(this.#text.charCodeAt(this.#at)))
      throw this.#unexpected(`a digit${adviceAt(this.#text, this.#at)}`);
    while (isDigit(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  #skipSpace(): void {
    while (isJsonSpace(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  #unexpected(expected: string, offset = this.#at): NotJson {
    const code = this.#text.codePointAt(offset);
    const found = code === undefined ? "end of the text" : JSON.stringify(String.fromCodePoint(code));
    return new NotJson(`unexpected ${found}; expected ${expected}`, offset);
  }
}

/** Values that are valid in other languages, with advice on how to write them in JSON. */
const FOREIGN: readonly (readonly [begin: RegExp, advice: string])[] = [
  [/NaN|nan|[Ii]nf/y, "JSON has no NaN and no Infinity, so send null, or leave the member out"],
  [/undefined|None|nil|NULL/y, "send null, or leave the member out"],
  [/True|False/y, "send true or false in lower case"],
  [/'/y, "put strings in double quotes"],
];

function adviceAt(text: string, at: number): string {
  for (const [begin, advice] of FOREIGN) {
    begin.lastIndex = at;
    if (begin.test(text)) return `; ${advice}`;
  }
  return "";
}

/** Stands for an array or object that has not ended yet. */
const NOTHING = Symbol("nothing yet");

const ESCAPED: ReadonlySet<number> = new Set([...'"\\/bfnrt'].map((escaped) => escaped.charCodeAt(0)));

/** As in `JSON.parse`, `__proto__` is a normal member, and the last of equal keys counts. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= LOWER_A && code <= LOWER_F) || (code >= UPPER_A && code <= UPPER_F);
}
