const ZERO = 48;

/** The number that `count` ASCII digits spell at `at`; -1 where not all of them are digits. */
export function digitsAt(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    // past the end of the text the code is NaN, which no comparison lets through
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** `value` in at least `width` digits. */
export function padded(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
