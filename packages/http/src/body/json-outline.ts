import { endOfPlainCharacters, isExactNumber, isJsonSpace, JSON_CODE, type TimeSlice } from "@evt/core";
import type { RequestLimits } from "../limits.js";
import { tooDeep, tooManyMembers } from "./nesting.js";

/** What JSON text shows before it is parsed. */
export interface JsonOutline {
  readonly isArray: boolean;
  /** How many events there are: as many as sources, or more than were to be outlined. */
  readonly count: number;
  /** The source of the value, or of each element of an array: as sent, without the white space around it. */
  readonly sources: readonly string[];
  /** Where in the text each source begins. */
  readonly begins: readonly number[];
  /** Whether there is a value, and nothing but white space outside of the sources, their commas and the brackets of an array. */
  readonly isFramed: boolean;
  /**
   * The indexes of the sources that `JSON.parse` does not read right: a number has more digits than a double holds,
   * or a key is written with escapes, which V8 since 12.8 may take for another key that came before
   * (https://github.com/nodejs/node/issues/63785).
   */
  readonly delicate: ReadonlySet<number>;
}

/**
 * Outlines JSON text in one pass, in linear time and without recursion. Of text that turns out not to be JSON the
 * outline says nothing, but it is safe to make.
 *
 * No more than `events` sources are kept; the rest is only counted. `depth` bounds the nesting of the value, or of each element of an array; `members` how many it has, all in all.
 * @throws Problem 400 where it is deeper: the stack of whoever walks the value would end first; 413 where it has more
 */
export function outlineJson(text: string, limits: OutlineLimits): JsonOutline {
  const outliner = new Outliner(text, limits);
  outliner.advance(text.length);
  return outliner.outline();
}

/** Of a long text: outlined in slices of time. */
export async function outlineInSlices(
  text: string,
  limits: OutlineLimits,
  slice: TimeSlice,
): Promise<JsonOutline> {
  const outliner = new Outliner(text, limits);
  for (let until = STRIDE; !outliner.advance(until); until += STRIDE) if (slice.isOver) await slice.next();
  return outliner.outline();
}

/** Characters between two looks at the clock. */
const STRIDE = 64 * 1024;

export type OutlineLimits = Pick<Required<RequestLimits>, "events" | "depth" | "members">;

const { QUOTE, PLUS, COMMA, MINUS, NINE, UPPER_E, LOWER_E, BACKSLASH } = JSON_CODE;
const { OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE } = JSON_CODE;

/** A double holds any decimal of that many digits. */
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
  readonly #delicate = new Set<number>();
  /** The brackets open at `#at`, but for that of an array of events. */
  #level = 0;
  #at: number;
  /** Where the source being read begins. */
  #start: number;
  /** Those that are too many. */
  #beyond = 0;
  /** The commas in it. */
  #commas = 0;

  constructor(text: string, { events, depth, members }: OutlineLimits) {
    const begin = afterSpace(text, 0);
    this.#text = text;
    this.#events = events;
    this.#depth = depth;
    this.#members = members;
    this.#isArray = text.charCodeAt(begin) === OPEN_BRACKET;
    this.#at = this.#start = this.#isArray ? begin + 1 : begin;
  }

  /** Goes on to the token that is there. @returns whether nothing is left to be outlined */
  advance(until: number): boolean {
    const text = this.#text;
    const end = Math.min(until, text.length);
    for (; this.#at < end && this.#level >= 0; this.#at++) this.#step(text.charCodeAt(this.#at));
    return this.#at >= text.length || this.#level < 0;
  }

  /** Once nothing is left. */
  outline(): JsonOutline {
    const isFramed = this.#isArray ? this.#endArray() : this.#endValue();
    return {
      isArray: this.#isArray,
      count: this.#sources.length + this.#beyond,
      sources: this.#sources,
      begins: this.#begins,
      isFramed,
      delicate: this.#delicate,
    };
  }

  /** Behind the bracket that closes the array, or at the end of the text if none does. */
  #endArray(): boolean {
    const isOpen = this.#level >= 0;
    const end = isOpen ? this.#at : this.#at - 1;
    const isEmpty = afterSpace(this.#text, this.#start) >= end;
    if (!isEmpty || this.#sources.length > 0) this.#keep(end);
    if (isOpen || this.#text.charCodeAt(end) !== CLOSE_BRACKET) return false;
    return afterSpace(this.#text, this.#at) === this.#text.length;
  }

  /** What stands behind the value is part of its source: it is for the parser to refuse. */
  #endValue(): boolean {
    if (this.#start < this.#text.length) this.#keep(this.#text.length);
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
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        this.#level--;
        break;
      case COMMA:
        if (this.#level === 0 && this.#isArray) this.#cut();
        else if (++this.#commas >= this.#members) throw tooManyMembers(this.#members);
        break;
      default:
        if (code >= MINUS && code <= NINE) this.#readNumber();
    }
  }

  #cut(): void {
    this.#keep(this.#at);
    this.#start = this.#at + 1;
    this.#commas = 0;
  }

  /** The source that ends here. */
  #keep(end: number): void {
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
      // control characters are passed over: the parser refuses them
      end = endOfPlainCharacters(text, code === BACKSLASH ? end + 2 : end + 1);
    }
    if (escaped && isColonNext(text, end + 1)) this.#delicate.add(this.#sources.length);
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
    if (!isShort && !isExactNumber(text.slice(this.#at, end))) this.#delicate.add(this.#sources.length);
    this.#at = end - 1;
  }
}

/** The index behind white space (RFC 8259, section 2), and that of it. */
function afterSpace(text: string, from: number): number {
  let at = from;
  while (isJsonSpace(text.charCodeAt(at))) at++;
  return at;
}

function beforeSpace(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && isJsonSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

/** A string is a key where a colon follows. */
function isColonNext(text: string, from: number): boolean {
  COLON.lastIndex = from;
  return COLON.test(text);
}
