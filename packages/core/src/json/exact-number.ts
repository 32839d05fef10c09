/** A double keeps every decimal with up to this number of digits and no exponent. */
const DOUBLE_DIGITS = 15;
/**
 * Maximum length of a number. A longer number counts as inexact, so that a hostile number does not take long to read. No
 * real amount is this long.
 */
const MOST_CHARACTERS = 1_000;
/** The maximum number of significant digits in a printed double. */
const MOST_PRINTED = 17;

const ONE = 0x31;
const NINE = 0x39;
const UPPER_E = 0x45;
const LOWER_E = 0x65;

/**
 * Returns whether a double keeps every digit of a JSON number: the double prints the same significant digits, and if it is
 * an integer, its absolute value is less than 2^53. Returns `false` for a number of more than 1,000 characters.
 */
export function isExactNumber(number: string): boolean {
  if (number.length > MOST_CHARACTERS) return false;
  const exponentAt = exponentOf(number);
  if (number.length <= DOUBLE_DIGITS && exponentAt < 0) return true;
  const digits = significantDigits(number, exponentAt < 0 ? number.length : exponentAt);
  if (digits.length > MOST_PRINTED) return false;
  const double = Number(number);
  if (Number.isInteger(double)) return Number.isSafeInteger(double) && digits === printedDigits(double);
  return Number.isFinite(double) && digits === printedDigits(double);
}

function printedDigits(double: number): string {
  const printed = String(double);
  const exponentAt = exponentOf(printed);
  return significantDigits(printed, exponentAt < 0 ? printed.length : exponentAt);
}

/**
 * Returns the digits before `end`, without leading and trailing zeros. Returns at most 19 digits, so
 * that a caller sees that there are more than 17.
 */
function significantDigits(number: string, end: number): string {
  let first = 0;
  while (first < end && !isNonZeroDigit(number.charCodeAt(first))) first++;
  let last = end;
  while (last > first && !isNonZeroDigit(number.charCodeAt(last - 1))) last--;
  return number.slice(first, Math.min(last, first + MOST_PRINTED + 2)).replace(".", "");
}

function isNonZeroDigit(code: number): boolean {
  return code >= ONE && code <= NINE;
}

/** Returns the index of the exponent, or -1 if there is none. */
function exponentOf(number: string): number {
  for (let at = 0; at < number.length; at++) {
    const code = number.charCodeAt(at);
    if (code === LOWER_E || code === UPPER_E) return at;
  }
  return -1;
}
