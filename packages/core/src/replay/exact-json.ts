import { randomBytes } from "node:crypto";
import { InexactNumber } from "../normalize/inexact-number.js";

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
/** A double holds any number of that many digits. */
const DOUBLE_DIGITS = 15;
const MAYBE_INEXACT = /[\d.]{16}|\d[eE]/;

/** No text of an event begins so. */
const mark = randomBytes(16).toString("hex");

/**
 * What `JSON.parse` makes of a text, but that a number whose digits a double does not hold is an {@link InexactNumber}:
 * an event that was kept is read no less exactly than when it came.
 */
export function parseExactly(json: string): unknown {
  if (!MAYBE_INEXACT.test(json)) return JSON.parse(json);
  // as it stands it must be JSON: what is done to the numbers might make it so
  JSON.parse(json);
  const marked = json.replace(STRING_OR_NUMBER, (token) =>
    token.startsWith('"') || isExact(token) ? token : `"${mark}${token}"`,
  );
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === "string" && value.startsWith(mark) ? new InexactNumber(value.slice(mark.length)) : value,
  );
}

/** As a double prints the number with the digits it was written with, it holds it as it was meant. */
function isExact(number: string): boolean {
  const digits = significantDigits(number);
  const double = Number(number);
  if (!Number.isFinite(double) || (double === 0 && digits !== "")) return false;
  return digits.length <= DOUBLE_DIGITS || significantDigits(String(double)) === digits;
}

function significantDigits(number: string): string {
  const [mantissa = ""] = number.split(/e/i);
  return mantissa.replace(/\D/g, "").replace(/^0+|0+$/g, "");
}
