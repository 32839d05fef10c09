import { timestampMs } from "@evt/core";

const SHORT = 40;
const NULL_LENGTH = -1;
const EPOCH_OF_POSTGRES_MS = Date.UTC(2000, 0, 1);
const TWO_TO_32 = 2 ** 32;
const SIGN_BIT = 0x80000000;
const NEGATIVE = 0x4000;
const ZERO = 48;
const MINUS = 45;
const POINT = 46;

/**
 * Writes values in Postgres's binary formats (what each type's `recv` function reads), each after its length in bytes,
 * into one buffer that grows and is used again: nothing is escaped here, nothing parsed there, and the garbage collector
 * sees none of it.
 */
export class ByteWriter {
  #bytes: Buffer;
  #at = 0;
  #lastInstant = "";
  #high = 0;
  #low = 0;

  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafeSlow(size);
  }

  /** How many bytes are written. */
  get length(): number {
    return this.#at;
  }

  get capacity(): number {
    return this.#bytes.length;
  }

  /** What is written from one place to another, or to the end: a view, good until the writer is used again. */
  written(from = 0, to = this.#at): Buffer {
    return this.#bytes.subarray(from, to);
  }

  clear(): void {
    this.#at = 0;
  }

  bytes(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  int16(value: number): void {
    this.#room(2);
    this.#int16(value);
  }

  int32(value: number): void {
    this.#room(4);
    this.#int32(value);
  }

  /** Writes an `int32` where one was written before. */
  int32At(place: number, value: number): void {
    this.#bytes.writeInt32BE(value, place);
  }

  null(): void {
    this.int32(NULL_LENGTH);
  }

  text(text: string | null): void {
    if (text === null) return this.null();
    // UTF-8 takes at most three bytes for each unit of UTF-16
    this.#room(4 + text.length * 3);
    const length = this.#shortAscii(text) ?? this.#bytes.write(text, this.#at + 4, "utf8");
    this.#int32(length);
    this.#at += length;
  }

  /** The first bytes of a text, as `bytea`. */
  textPrefix(text: string, most: number): void {
    const lengthAt = this.#at;
    this.text(text.length > most ? text.slice(0, most) : text);
    const end = Math.min(this.#at, lengthAt + 4 + most);
    this.int32At(lengthAt, end - lengthAt - 4);
    this.#at = end;
  }

  /** A `bytea`, or a `uuid`, of so many bytes, from its hex digits. */
  hex(hex: string | null, size: number): void {
    if (hex === null) return this.null();
    this.#room(4 + size);
    this.#int32(size);
    this.#bytes.write(hex, this.#at, size, "hex");
    this.#at += size;
  }

  /** Of Postgres's type `"char"`. */
  letter(code: number): void {
    this.#room(5);
    this.#int32(1);
    this.#bytes[this.#at++] = code;
  }

  int8(value: number): void {
    this.#room(12);
    this.#int32(8);
    const high = Math.floor(value / TWO_TO_32);
    this.#int32(high);
    this.#int32(value - high * TWO_TO_32);
  }

  /** A `timestamptz`, from a canonical timestamp: microseconds since 2000, in two halves, each of which a double holds. */
  instant(instant: string | null): void {
    if (instant === null) return this.null();
    this.#convert(instant);
    this.#room(12);
    this.#int32(8);
    this.#int32(this.#high);
    this.#int32(this.#low);
  }

  /** The same as a `bytea` that sorts by time. */
  sortableInstant(instant: string): void {
    this.instant(instant);
    this.int32At(this.#at - 8, (this.#high ^ SIGN_BIT) | 0);
  }

  /** A `numeric`, from a canonical decimal: groups of four decimal digits, aligned at the point. */
  decimal(decimal: string): void {
    const negative = decimal.charCodeAt(0) === MINUS;
    const start = negative ? 1 : 0;
    const point = decimal.indexOf(".");
    const whole = (point < 0 ? decimal.length : point) - start;
    const scale = point < 0 ? 0 : decimal.length - point - 1;
    const wholeGroups = Math.ceil(whole / 4);
    const groups = decimal === "0" ? 0 : wholeGroups + Math.ceil(scale / 4);
    this.#room(12 + groups * 2);
    this.#int32(8 + groups * 2);
    this.#int16(groups);
    this.#int16(groups === 0 ? 0 : wholeGroups - 1);
    this.#int16(negative ? NEGATIVE : 0);
    this.#int16(scale);
    if (groups > 0) this.#groups(decimal, start, wholeGroups * 4 - whole);
  }

  /** The digits from `start` on, in groups of four; the first group begins with so many zeros, the last one ends with some. */
  #groups(decimal: string, start: number, zeros: number): void {
    let group = 0;
    let filled = zeros;
    for (let i = start; i < decimal.length; i++) {
      const code = decimal.charCodeAt(i);
      if (code === POINT) continue;
      group = group * 10 + code - ZERO;
      if (++filled < 4) continue;
      this.#int16(group);
      group = 0;
      filled = 0;
    }
    if (filled > 0) this.#int16(group * 10 ** (4 - filled));
  }

  /** Most texts are short names: a loop is through them before a call of the encoder has begun. */
  #shortAscii(text: string): number | null {
    if (text.length > SHORT) return null;
    const start = this.#at + 4;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return null;
      this.#bytes[start + i] = code;
    }
    return text.length;
  }

  /** The time of receipt is the same for all records of a call. */
  #convert(instant: string): void {
    if (instant === this.#lastInstant) return;
    const ms = timestampMs(instant) - EPOCH_OF_POSTGRES_MS;
    const micros = instant.length > 24 ? Number(instant.slice(23, 26)) : 0;
    const high = Math.floor(ms / TWO_TO_32);
    const low = (ms - high * TWO_TO_32) * 1_000 + micros;
    const carry = Math.floor(low / TWO_TO_32);
    this.#high = high * 1_000 + carry;
    this.#low = low - carry * TWO_TO_32;
    this.#lastInstant = instant;
  }

  #int16(value: number): void {
    const bytes = this.#bytes;
    bytes[this.#at++] = value >> 8;
    bytes[this.#at++] = value;
  }

  #int32(value: number): void {
    const bytes = this.#bytes;
    bytes[this.#at++] = value >> 24;
    bytes[this.#at++] = value >> 16;
    bytes[this.#at++] = value >> 8;
    bytes[this.#at++] = value;
  }

  #room(bytes: number): void {
    if (this.#at + bytes > this.#bytes.length) this.#grow(bytes);
  }

  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
