import { isUtf8 } from "node:buffer";
import { Problem } from "../problem.js";

/**
 * The grammar of UTF-8 (RFC 3629, section 4) over a Latin-1 string, which has one character for each byte. The repetition
 * is bounded so that the regex engine does not overflow its stack.
 */
const WELL_FORMED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes, not characters
  /(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}){1,4096}/y;

const BYTE_ORDER_MARK = 0xfeff;

/**
 * Decodes a JSON body. Drops a byte order mark at its start, as RFC 8259, section 8.1 allows.
 * @throws Problem 400 if the bytes are not UTF-8: replacement characters could make two different events equal
 */
export function utf8Text(bytes: Buffer): string {
  if (!isUtf8(bytes)) {
    const at = invalidAt(bytes);
    throw new Problem(
      400,
      "EVT_BODY_NOT_UTF8",
      `body is not UTF-8: byte ${at} (0x${hex(bytes[at])}) is invalid${compressionHint(bytes)}`,
    );
  }
  const text = bytes.toString("utf8");
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}

/** The first bytes of compressed data, in hex, and advice for a client that forgot the `Content-Encoding`. */
const COMPRESSED: readonly (readonly [begin: RegExp, advice: string])[] = [
  [/^1f8b/, "gzip; send Content-Encoding: gzip"],
  [/^78(?:01|5e|9c|da)/, "zlib; send Content-Encoding: deflate"],
  [/^28b52ffd/, "Zstandard, which is not supported; compress it with gzip, and send Content-Encoding: gzip"],
];

function compressionHint(bytes: Buffer): string {
  const begin = bytes.toString("hex", 0, 4);
  const found = COMPRESSED.find(([pattern]) => pattern.test(begin));
  return found === undefined ? "" : `; it begins like ${found[1]}`;
}

/** The size of a chunk. Only the chunk with the invalid byte is searched byte by byte. */
const CHUNK_BYTES = 64 * 1024;

/** Returns the offset of the first byte that is not part of a complete character. `bytes` must not be valid UTF-8. */
function invalidAt(bytes: Buffer): number {
  let begin = 0;
  for (;;) {
    const end = characterEnd(bytes, begin + CHUNK_BYTES);
    const chunk = bytes.subarray(begin, end);
    if (end === bytes.length || !isUtf8(chunk)) return begin + invalidIn(chunk);
    begin = end;
  }
}

/**
 * Returns the last character boundary at or before `end`. A character has up to three bytes after its first: 0x80 to
 * 0xbf.
 */
function characterEnd(bytes: Buffer, end: number): number {
  if (end >= bytes.length) return bytes.length;
  let at = end;
  while (end - at < 3 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--;
  return at;
}

function invalidIn(bytes: Buffer): number {
  const latin1 = bytes.toString("latin1");
  let at = 0;
  // a failed test resets lastIndex to 0, so `at` keeps the last match
  while (WELL_FORMED.test(latin1)) at = WELL_FORMED.lastIndex;
  return at;
}

function hex(byte = 0): string {
  return byte.toString(16).padStart(2, "0");
}
