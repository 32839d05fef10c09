import { isInexactNumber } from "../inexact-number.js";
import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";
import { amountAdvice } from "./amount-advice.js";
import { type AmountFormat, plainDecimal } from "./amount-format.js";
import { withoutTrailingZeros } from "./trailing-zeros.js";

const MAX_DIGITS = 38;
const MAX_FRACTION = 18;
/** Maximum length of an amount, so that a hostile string is read fast. */
const MAX_TEXT = 1_000;

const PLAIN_INTEGER = /^(?:0|-?[1-9][0-9]{0,17})$/;
/** U+2212, which some locales use as the minus sign. */
const MINUS_SIGN = "\u2212";
const DECIMAL = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/;

/**
 * Returns the canonical decimal of `value`, or the problem. It reads digits and does not compute with floats, so no digit
 * is lost.
 */
export function parseAmount(value: unknown, format: AmountFormat = {}): string | Problem {
  switch (typeof value) {
    case "number":
      return fromNumber(value);
    case "string":
      return PLAIN_INTEGER.test(value) ? value : fromText(value, format);
    case "bigint":
      return fromText(value.toString(), {});
    default:
      return isInexactNumber(value) ? inexact(value.text) : notANumber(value);
  }
}

function fromNumber(value: number): string | Problem {
  if (Number.isSafeInteger(value)) return value === 0 ? "0" : String(value);
  if (!Number.isFinite(value)) {
    return { code: "amount_not_finite", message: `amount is ${value}; send a finite decimal` };
  }
  if (Math.abs(value) >= 2 ** 53) return inexact(String(value));
  return fromText(String(value), {});
}

function fromText(text: string, format: AmountFormat): string | Problem {
  if (text.length > MAX_TEXT) return tooLong(text);
  const read = readText(text, format);
  if (read === null) return notANumber(text, format);
  return read ?? tooLong(text);
}

/**
 * Returns the canonical decimal of a string. Returns `null` if the string is not a decimal, or `undefined` if it needs
 * too many digits.
 */
function readText(text: string, format: AmountFormat): string | null | undefined {
  const plain = plainDecimal(text.trim().replace(MINUS_SIGN, "-"), format);
  const match = plain === null ? null : DECIMAL.exec(plain);
  if (match === null) return null;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  if (whole === "" && fraction === "") return null;
  return canonical(sign, whole, fraction, Number(exponent));
}

/**
 * Returns the canonical decimal, or `undefined` if it needs too many digits. This check comes before the zeros of an
 * exponent are added, so a large exponent cannot create a huge string.
 */
function canonical(sign: string, whole: string, fraction: string, exponent: number): string | undefined {
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = withoutTrailingZeros(digits);
  if (significant === "") return "0";
  const scale = fraction.length - exponent - (digits.length - significant.length);
  const wholeDigits = Math.max(significant.length - scale, 0);
  const fractionDigits = Math.max(scale, 0);
  if (fractionDigits > MAX_FRACTION || wholeDigits + fractionDigits > MAX_DIGITS) return undefined;
  const minus = sign === "-" ? "-" : "";
  if (scale <= 0) return minus + significant + "0".repeat(-scale);
  const padded = significant.padStart(scale + 1, "0");
  return `${minus}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

function notANumber(value: unknown, format: AmountFormat = {}): Problem {
  const advice =
    typeof value === "string"
      ? amountAdvice(value.trim(), format, (tried) => readText(value, tried) ?? null)
      : "";
  return {
    code: "amount_not_a_number",
    message: `amount is ${quoted(value)}; send a JSON number or a numeric string such as "1200.50"${advice}`,
  };
}

function inexact(text: string): Problem {
  return {
    code: "amount_inexact",
    message: `amount ${quoted(text)} has more digits than a JSON number keeps; send it as a string`,
  };
}

function tooLong(text: string): Problem {
  return {
    code: "amount_too_long",
    message: `amount ${quoted(text)} needs more than ${MAX_DIGITS} digits, or more than ${MAX_FRACTION} after the point`,
  };
}
