import { crc32 } from "node:zlib";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The length of a checksum in characters. */
export const CHECKSUM_LENGTH = 6;

/**
 * Returns the checksum of ASCII text: its CRC-32 (IEEE 802.3, as in zlib and PNG) in base 62 with the digits 0-9, A-Z and
 * a-z, the most significant digit first, padded with zeros to 6 digits.
 */
export function checksum(text: string): string {
  let rest = crc32(text);
  let digits = "";
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = DIGITS.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
