import { daysInMonth } from "./civil-date.js";
import { digitsAt } from "./digits.js";

const DASH = 45;
const POINT = 46;
const COLON = 58;
const T = 84;
const Z = 90;

/**
 * Reads the forms that most senders use: `YYYY-MM-DDTHH:mm:ssZ`, optionally with three or six decimals, and, if
 * `datesAreUtc`, `YYYY-MM-DD`. It is fast, because it compares character codes and allocates only the result.
 *
 * @returns the canonical timestamp. `null` if the string has another form, or if the time does not exist
 */
export function readPlainTimestamp(text: string, datesAreUtc: boolean): string | null {
  switch (text.length) {
    case 10:
      return datesAreUtc && startsWithDate(text) ? `${text}T00:00:00.000Z` : null;
    case 20:
      return startsWithDateTime(text) && endsWithZ(text) ? `${text.slice(0, 19)}.000Z` : null;
    case 24:
      return startsWithDateTime(text) && hasDecimals(text, 3) && endsWithZ(text) ? text : null;
    case 27:
      return startsWithDateTime(text) && hasDecimals(text, 6) && endsWithZ(text) ? withMicros(text) : null;
    default:
      return null;
  }
}

function startsWithDate(text: string): boolean {
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return false;
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function startsWithDateTime(text: string): boolean {
  if (text.charCodeAt(10) !== T || text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON)
    return false;
  const hour = digitsAt(text, 11, 2);
  const minute = digitsAt(text, 14, 2);
  const second = digitsAt(text, 17, 2);
  if (!(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59)) return false;
  return startsWithDate(text);
}

function hasDecimals(text: string, count: number): boolean {
  return text.charCodeAt(19) === POINT && digitsAt(text, 20, count) >= 0;
}

function endsWithZ(text: string): boolean {
  return text.charCodeAt(text.length - 1) === Z;
}

/** Removes the last three decimals if they are zeros, as in a canonical timestamp. */
function withMicros(text: string): string {
  return digitsAt(text, 23, 3) === 0 ? `${text.slice(0, 23)}Z` : text;
}
