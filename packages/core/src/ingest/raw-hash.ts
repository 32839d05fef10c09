import { crc32 } from "node:zlib";

const TWO_TO_32 = 2 ** 32;
const TWO_TO_20 = 2 ** 20;

/**
 * Returns a short hash of a raw event: an integer below 2^52, made of the CRC-32 of the UTF-8 bytes and the low 20 bits
 * of the length in UTF-16 code units. evt treats raw events with equal hashes as equal.
 */
export function rawHash(text: string): number {
  return (text.length % TWO_TO_20) * TWO_TO_32 + crc32(text);
}
