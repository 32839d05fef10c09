const ZERO = 48;

/** Returns the number that the `count` ASCII digits at `at` form. -1 if one of these characters is not a digit. */
export function digitsAt(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    // after the end of the string, the code is NaN, and every comparison with NaN is false
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Returns the index after the last of the digits that begin at `at`. */
export function endOfDigits(text: string, at: number): number {
  let end = at;
  while (digitsAt(text, end, 1) >= 0) end++;
  return end;
}

/** Returns the decimals of a second as microseconds. Digits after the sixth are dropped. */
export function microsAt(text: string, at: number, end: number): number {
  const count = Math.min(end - at, 6);
  return digitsAt(text, at, count) * 10 ** (6 - count);
}

/** Returns `value`, padded with zeros to `width` digits. */
export function padded(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
