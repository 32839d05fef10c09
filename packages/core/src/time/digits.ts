const ZERO = 48;

/**
 * Returns the number that `count` ASCII digits from index `at` on form. -1 if one of these characters is not a digit.
 */
export function digitsAt(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    // beyond the end of the string, the code is NaN, and each comparison with NaN is false
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Returns the index after the digits that begin at `at`. Returns `at` if there is no digit. */
export function endOfDigits(text: string, at: number): number {
  let end = at;
  while (digitsAt(text, end, 1) >= 0) end++;
  return end;
}

/** Returns the decimals of a second, from `at` to before `end`, as microseconds. Digits after the sixth are dropped. */
export function microsAt(text: string, at: number, end: number): number {
  const count = Math.min(end - at, 6);
  return digitsAt(text, at, count) * 10 ** (6 - count);
}

/** Returns `value`, padded with zeros to at least `width` characters. */
export function padded(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
