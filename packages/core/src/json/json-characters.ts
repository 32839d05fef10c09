/** The code units that have a meaning in JSON (RFC 8259). */
export const JSON_CODE = {
  TAB: 0x09,
  LINE_FEED: 0x0a,
  RETURN: 0x0d,
  SPACE: 0x20,
  QUOTE: 0x22,
  PLUS: 0x2b,
  COMMA: 0x2c,
  MINUS: 0x2d,
  POINT: 0x2e,
  ZERO: 0x30,
  NINE: 0x39,
  COLON: 0x3a,
  UPPER_A: 0x41,
  UPPER_E: 0x45,
  UPPER_F: 0x46,
  OPEN_BRACKET: 0x5b,
  BACKSLASH: 0x5c,
  CLOSE_BRACKET: 0x5d,
  LOWER_A: 0x61,
  LOWER_E: 0x65,
  LOWER_F: 0x66,
  LOWER_U: 0x75,
  OPEN_BRACE: 0x7b,
  CLOSE_BRACE: 0x7d,
} as const;

// constants, because a property would be read again for each character
const { TAB, LINE_FEED, RETURN, SPACE, QUOTE, BACKSLASH } = JSON_CODE;

/** Returns whether a code unit is white space between JSON tokens (RFC 8259, section 2). */
export function isJsonSpace(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === RETURN || code === TAB;
}

/**
 * Returns the index of the first quote, backslash or control character at or after `from`. Returns the length of the text
 * if there is none. The characters before this index need no escape in a JSON string (RFC 8259, section 7).
 */
export function endOfPlainCharacters(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE || code === BACKSLASH || code < SPACE) return at;
  }
  return text.length;
}
