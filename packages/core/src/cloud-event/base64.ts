const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The value of each Base64 digit, by its character code. */
const VALUES = new Uint8Array(128);
for (let value = 0; value < DIGITS.length; value++) VALUES[DIGITS.charCodeAt(value)] = value;

/**
 * Decodes Base64 to a UTF-8 string (RFC 4648, padding optional). Returns `undefined` if the input is not Base64 of UTF-8.
 * Does not use `Buffer`, because browsers lack it, or `atob`, because it is slow in some versions of Node.
 */
export function utf8OfBase64(text: string): string | undefined {
  if (!BASE64.test(text)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytesOf(text));
  } catch {
    return undefined;
  }
}

function bytesOf(text: string): Uint8Array {
  const padding = text.indexOf("=");
  const digits = padding === -1 ? text.length : padding;
  const bytes = new Uint8Array(Math.floor((digits * 6) / 8));
  let bits = 0;
  for (let i = 0, at = 0; at < bytes.length; i++) {
    bits = ((bits << 6) | (VALUES[text.charCodeAt(i)] as number)) & 0xffffff;
    // each digit completes a byte, except the first of four
    if (i % 4 > 0) bytes[at++] = bits >> (6 - 2 * (i % 4));
  }
  return bytes;
}
