const ZERO = 48;

/** Returns the number that `count` ASCII digits spell at `at`. -1 if not all of them are digits. */
export function digitsAt(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    // past the end of the string the code is NaN, for which every comparison is false
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Returns where the digits that begin at `at` end. */
export function endOfDigits(text: string, at: number): number {
  let end = at;
  while (digitsAt(text, end, 1) >= 0) end++;
  return end;
}

/** Returns the microseconds that the decimals of a second spell. Digits after the sixth are cut. */
export function microsAt(text: string, at: number, end: number): number {
  const count = Math.min(end - at, 6);
  return digitsAt(text, at, count) * 10 ** (6 - count);
}

/** Returns `value`, padded with zeros to `width` digits. */
export function padded(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
