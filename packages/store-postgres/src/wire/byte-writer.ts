import { timestampMs } from "@evt/core/store";

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
 * Writes values in Postgres's binary formats (the input of each type's `recv` function), each preceded by its length
 * in bytes. `bytes`, `int16` and `int32` write no length. The buffer is reused, which saves garbage collection.
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

  /** The number of bytes written. */
  get length(): number {
    return this.#at;
  }

  /** The size of the buffer in bytes. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Returns the bytes between two positions. This is a view, valid until the writer is used again. */
  written(from = 0, to = this.#at): Buffer {
    return this.#bytes.subarray(from, to);
  }

  /** Empties the buffer. */
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

  /** Overwrites an `int32` that was written before. */
  int32At(place: number, value: number): void {
    this.#bytes.writeInt32BE(value, place);
  }

  null(): void {
    this.int32(NULL_LENGTH);
  }

  /** Writes a string as `text`. */
  text(text: string | null): void {
    if (text === null) return this.null();
    // UTF-8 takes at most three bytes for each unit of UTF-16
    this.#room(4 + text.length * 3);
    const length = this.#shortAscii(text) ?? this.#bytes.write(text, this.#at + 4, "utf8");
    this.#int32(length);
    this.#at += length;
  }

  /** Writes at most the first `most` bytes of a string as `bytea`. */
  textPrefix(text: string, most: number): void {
    const lengthAt = this.#at;
    this.text(text.length > most ? text.slice(0, most) : text);
    const end = Math.min(this.#at, lengthAt + 4 + most);
    this.int32At(lengthAt, end - lengthAt - 4);
    this.#at = end;
  }

  /** Writes a `bytea` or `uuid` of `size` bytes from its hex digits. */
  hex(hex: string | null, size: number): void {
    if (hex === null) return this.null();
    this.#room(4 + size);
    this.#int32(size);
    this.#bytes.write(hex, this.#at, size, "hex");
    this.#at += size;
  }

  /** Writes a value of Postgres's type `"char"`. */
  letter(code: number): void {
    this.#room(5);
    this.#int32(1);
    this.#bytes[this.#at++] = code;
  }

  /** Writes a `smallint`. */
  int2(value: number | null): void {
    if (value === null) return this.null();
    this.#room(6);
    this.#int32(2);
    this.#int16(value);
  }

  int8(value: number): void {
    this.#room(12);
    this.#int32(8);
    const high = Math.floor(value / TWO_TO_32);
    this.#int32(high);
    this.#int32(value - high * TWO_TO_32);
  }

  /**
   * Writes a `timestamptz` from a canonical timestamp: microseconds since 2000, as two halves of 32 bits. A
   * JavaScript number cannot hold every 64-bit integer.
   */
  instant(instant: string | null): void {
    if (instant === null) return this.null();
    this.#convert(instant);
    this.#room(12);
    this.#int32(8);
    this.#int32(this.#high);
    this.#int32(this.#low);
  }

  /** Writes an instant as a `bytea` that sorts by time. */
  sortableInstant(instant: string): void {
    this.instant(instant);
    this.int32At(this.#at - 8, (this.#high ^ SIGN_BIT) | 0);
  }

  /** Writes a `numeric` from a canonical decimal: groups of four decimal digits, aligned at the decimal point. */
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

  /**
   * Writes the digits from `start` on, in groups of four. The first group begins with `zeros` zeros, and the last
   * group is padded with zeros.
   */
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

  /**
   * Writes a short ASCII string and returns its length. Returns `null` if the string is longer or not ASCII. Most
   * strings are short names, and for them this loop is faster than the encoder.
   */
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

  /**
   * Converts an instant to the two halves. Keeps the last result, because consecutive records often have the same
   * `receivedAt`.
   */
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
