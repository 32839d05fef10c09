import {
  endOfPlainCharacters,
  isExactNumber,
  isJsonSpace,
  JSON_CODE,
  type TimeSlice,
} from "@evt/core/adapter";
import type { Limits } from "../limits.js";
import { tooDeep, tooManyMembers } from "./nesting.js";

/** The structure of JSON text, found before it is parsed. */
export interface JsonOutline {
  readonly isArray: boolean;
  /** The number of events. It exceeds the length of `sources` if the request has more events than allowed. */
  readonly count: number;
  /** The source of the value, or of each element of the array. Each is as sent, without surrounding white space. */
  readonly sources: readonly string[];
  /** The offset of each source in the text. */
  readonly begins: readonly number[];
  /** Whether the text has a value, and nothing but white space, commas and the array's brackets outside the sources. */
  readonly isFramed: boolean;
  /**
   * The indexes of the sources that need the exact reader. `JSON.parse` loses digits of numbers that do not fit into a
   * double. In V8 since 12.8, it may also return another key for a key with escapes
   * (https://github.com/nodejs/node/issues/63785).
   */
  readonly exactSources: ReadonlySet<number>;
}

/**
 * Outlines JSON text in one pass, in linear time and without recursion. Invalid JSON is safe to pass, but its outline may be
 * wrong.
 *
 * Returns at most `events` sources. Further events are only counted. `depth` limits the levels of each event. `members`
 * limits the object members and array elements of each event. A repeated key counts each time.
 * @param asOne - Whether an array counts as one value. If not, each element is a value.
 * @throws Problem 400 if an event is too deep, 413 if it has too many members
 */
export function outlineJson(text: string, limits: OutlineLimits, asOne = false): JsonOutline {
  const outliner = new Outliner(text, limits, asOne);
  outliner.advance(text.length);
  return outliner.outline();
}

/** Outlines long JSON text in time slices. */
export async function outlineInSlices(
  text: string,
  limits: OutlineLimits,
  slice: TimeSlice,
  asOne = false,
): Promise<JsonOutline> {
  const outliner = new Outliner(text, limits, asOne);
  for (let until = STRIDE; !outliner.advance(until); until += STRIDE) if (slice.isOver) await slice.next();
  return outliner.outline();
}

/** Characters between two checks of the clock. */
const STRIDE = 64 * 1024;

export type OutlineLimits = Pick<Limits, "events" | "depth" | "members">;

const { QUOTE, PLUS, COMMA, MINUS, NINE, UPPER_E, LOWER_E, BACKSLASH } = JSON_CODE;
const { OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE } = JSON_CODE;

/** A double preserves every decimal with up to this many digits and no exponent. */
const DOUBLE_DIGITS = 15;
const COLON = /[ \t\n\r]*:/y;

class Outliner {
  readonly #text: string;
  readonly #events: number;
  readonly #depth: number;
  readonly #members: number;
  readonly #isArray: boolean;
  readonly #sources: string[] = [];
  readonly #begins: number[] = [];
  readonly #exactSources = new Set<number>();
  /** The number of open brackets and braces at `#at`. The bracket of an array of events is not counted. */
  #level = 0;
  #at: number;
  /** The offset of the current source. */
  #start: number;
  /** The number of events beyond the limit. */
  #beyond = 0;
  /** The number of members and elements in the current source. */
  #counted = 0;

  constructor(text: string, { events, depth, members }: OutlineLimits, asOne: boolean) {
    const begin = afterSpace(text, 0);
    this.#text = text;
    this.#events = events;
    this.#depth = depth;
    this.#members = members;
    this.#isArray = !asOne && text.charCodeAt(begin) === OPEN_BRACKET;
    this.#at = this.#start = this.#isArray ? begin + 1 : begin;
  }

  /**
   * Continues to this offset, to the end of the token at this offset, or to the end of the array.
   * @returns whether the outline is finished
   */
  advance(until: number): boolean {
    const text = this.#text;
    const end = Math.min(until, text.length);
    for (; this.#at < end && this.#level >= 0; this.#at++) this.#step(text.charCodeAt(this.#at));
    return this.#at >= text.length || this.#level < 0;
  }

  /** Returns the outline. Call it after `advance` has returned true. */
  outline(): JsonOutline {
    const isFramed = this.#isArray ? this.#endArray() : this.#endValue();
    return {
      isArray: this.#isArray,
      count: this.#sources.length + this.#beyond,
      sources: this.#sources,
      begins: this.#begins,
      isFramed,
      exactSources: this.#exactSources,
    };
  }

  /** Called after the closing bracket of the array, or at the end of the text. */
  #endArray(): boolean {
    const isOpen = this.#level >= 0;
    const end = isOpen ? this.#at : this.#at - 1;
    const isEmpty = afterSpace(this.#text, this.#start) >= end;
    if (!isEmpty || this.#sources.length > 0) this.#add(end);
    if (isOpen || this.#text.charCodeAt(end) !== CLOSE_BRACKET) return false;
    return afterSpace(this.#text, this.#at) === this.#text.length;
  }

  /** Adds the whole text as one source. If something follows the value, the parser then refuses the source. */
  #endValue(): boolean {
    if (this.#start < this.#text.length) this.#add(this.#text.length);
    return this.#sources.length > 0;
  }

  #step(code: number): void {
    switch (code) {
      case QUOTE:
        this.#readString();
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (++this.#level > this.#depth) throw tooDeep(this.#depth);
        if (!isEmpty(this.#text, this.#at + 1)) this.#countMember();
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        this.#level--;
        break;
      case COMMA:
        if (this.#level === 0 && this.#isArray) this.#cut();
        else this.#countMember();
        break;
      default:
        if (code >= MINUS && code <= NINE) this.#readNumber();
    }
  }

  #countMember(): void {
    if (++this.#counted > this.#members) throw tooManyMembers(this.#members);
  }

  #cut(): void {
    this.#add(this.#at);
    this.#start = this.#at + 1;
    this.#counted = 0;
  }

  /** Adds the current source, which ends at `end`. */
  #add(end: number): void {
    if (this.#sources.length >= this.#events) {
      this.#beyond++;
      return;
    }
    const begin = Math.min(afterSpace(this.#text, this.#start), end);
    this.#begins.push(begin);
    this.#sources.push(this.#text.slice(begin, beforeSpace(this.#text, begin, end)));
  }

  #readString(): void {
    const text = this.#text;
    let escaped = false;
    let end = endOfPlainCharacters(text, this.#at + 1);
    while (end < text.length) {
      const code = text.charCodeAt(end);
      if (code === QUOTE) break;
      if (code === BACKSLASH) escaped = true;
      // control characters are skipped as well, because the parser refuses them later
      end = endOfPlainCharacters(text, code === BACKSLASH ? end + 2 : end + 1);
    }
    if (escaped && isColonNext(text, end + 1)) this.#exactSources.add(this.#sources.length);
    this.#at = end;
  }

  #readNumber(): void {
    const text = this.#text;
    let end = this.#at + 1;
    let hasExponent = false;
    for (; ; end++) {
      const code = text.charCodeAt(end);
      if (code === UPPER_E || code === LOWER_E) hasExponent = true;
      else if (!(code >= PLUS && code <= NINE && code !== COMMA)) break;
    }
    const isShort = end - this.#at <= DOUBLE_DIGITS && !hasExponent;
    if (!isShort && !isExactNumber(text.slice(this.#at, end))) this.#exactSources.add(this.#sources.length);
    this.#at = end - 1;
  }
}

/** Skips white space (RFC 8259, section 2), and returns the offset after it. */
function afterSpace(text: string, from: number): number {
  let at = from;
  while (isJsonSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Returns whether the array or object that was opened before `from` is empty. */
function isEmpty(text: string, from: number): boolean {
  const code = text.charCodeAt(afterSpace(text, from));
  return code === CLOSE_BRACKET || code === CLOSE_BRACE;
}

/** Returns the end of the text without its trailing white space. */
function beforeSpace(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && isJsonSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Returns whether a colon follows. If so, the string before `from` is a key. */
function isColonNext(text: string, from: number): boolean {
  COLON.lastIndex = from;
  return COLON.test(text);
}
