import { isSafeNumber } from "lossless-json";
import type { RequestLimits } from "./limits.js";
import { tooDeep, tooManyMembers } from "./nesting.js";

/** What JSON text shows before it is parsed. */
export interface JsonOutline {
  readonly isArray: boolean;
  /** How many events there are: as many as sources, or more than were to be outlined. */
  readonly count: number;
  /** The source of the value, or of each element of an array: as sent, without the white space around it. */
  readonly sources: readonly string[];
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
  return new Outliner(text, limits).outline();
}

type OutlineLimits = Pick<Required<RequestLimits>, "events" | "depth" | "members">;

const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const NINE = 0x39;
const UPPER_E = 0x45;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const LOWER_E = 0x65;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** A double holds any number of that many digits. */
const DOUBLE_DIGITS = 15;
const EXPONENT = /e/i;
const COLON = /[ \t\n\r]*:/y;

class Outliner {
  readonly #text: string;
  readonly #events: number;
  readonly #depth: number;
  readonly #members: number;
  readonly #isArray: boolean;
  readonly #sources: string[] = [];
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
    const begin = afterSpace(text);
    this.#text = text;
    this.#events = events;
    this.#depth = depth;
    this.#members = members;
    this.#isArray = text.charCodeAt(begin) === OPEN_BRACKET;
    this.#at = this.#start = this.#isArray ? begin + 1 : begin;
  }

  outline(): JsonOutline {
    const text = this.#text;
    for (; this.#at < text.length && this.#level >= 0; this.#at++) this.#step(text.charCodeAt(this.#at));
    // at the end of an array, behind its bracket
    const last = text.slice(this.#start, this.#level < 0 ? this.#at - 1 : this.#at).trim();
    if (last !== "" || this.#sources.length > 0) this.#keep(last);
    const count = this.#sources.length + this.#beyond;
    return { isArray: this.#isArray, count, sources: this.#sources, delicate: this.#delicate };
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
    this.#keep(this.#text.slice(this.#start, this.#at).trim());
    this.#start = this.#at + 1;
    this.#commas = 0;
  }

  #keep(source: string): void {
    if (this.#sources.length < this.#events) this.#sources.push(source);
    else this.#beyond++;
  }

  #readString(): void {
    const text = this.#text;
    let escaped = false;
    let end = this.#at + 1;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (code === QUOTE) break;
      if (code !== BACKSLASH) continue;
      escaped = true;
      end++;
    }
    if (escaped && isColonNext(text, end + 1)) this.#delicate.add(this.#sources.length);
    this.#at = end;
  }

  #readNumber(): void {
    const end = endOfNumber(this.#text, this.#at);
    if (!isExact(this.#text.slice(this.#at, end))) this.#delicate.add(this.#sources.length);
    this.#at = end - 1;
  }
}

/** Whether a double holds every digit of a JSON number, as `isSafeNumber` says; at once where it is plain and short. */
export function isExact(number: string): boolean {
  return (number.length <= DOUBLE_DIGITS && !EXPONENT.test(number)) || isSafeNumber(number);
}

/** The index behind white space (RFC 8259, section 2). */
function afterSpace(text: string): number {
  return text.length - text.trimStart().length;
}

/** A string is a key where a colon follows. */
function isColonNext(text: string, from: number): boolean {
  COLON.lastIndex = from;
  return COLON.test(text);
}

function endOfNumber(text: string, begin: number): number {
  let end = begin + 1;
  while (belongsToNumber(text.charCodeAt(end))) end++;
  return end;
}

function belongsToNumber(code: number): boolean {
  return (code >= PLUS && code <= NINE && code !== COMMA) || code === UPPER_E || code === LOWER_E;
}
