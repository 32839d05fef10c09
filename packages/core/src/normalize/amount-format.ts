/** The format of amounts in strings, if it differs from `1234.5`. */
export interface AmountFormat {
  /**
   * Separates groups of digits: with `","`, evt reads `"1,200"` as 1200. Several separators may be listed, but one amount
   * may use only one of them. `" "` also reads the no-break spaces U+00A0 and U+202F, and `"'"` also reads `’`.
   * @defaultValue none: `"1,200"` is rejected
   */
  readonly groupSeparator?: string | readonly string[] | undefined;
  /** Separates the fraction from the whole number. @defaultValue "." */
  readonly decimalSeparator?: string | undefined;
  /**
   * The sizes of groups. `thousands`: three digits each (1,200,000). `indian`: two digits each before the last three
   * (12,00,000).
   * @defaultValue "thousands"
   */
  readonly grouping?: "thousands" | "indian" | undefined;
  /**
   * Currency symbols and codes that may precede or follow the number, such as `["$", "USD"]`. evt removes them, and
   * does not use them as the unit. List only currencies that may be added to each other.
   * @defaultValue none: `"$5"` is rejected
   */
  readonly currencies?: readonly string[] | undefined;
}

const SPACES = [" ", "\u00a0", "\u202f"];
const APOSTROPHES = ["'", "\u2019"];
const SPACE = /[ \u00a0\u202f]/;

const GROUPS = {
  thousands: { first: /^[1-9][0-9]{0,2}$/, middle: /^[0-9]{3}$/ },
  indian: { first: /^[1-9][0-9]?$/, middle: /^[0-9]{2}$/ },
} as const;
const LAST_GROUP = /^[0-9]{3}$/;
/**
 * A currency has no digits and no signs, so it cannot be part of a number. A single letter E is refused, because it could
 * be an exponent.
 */
const CURRENCY = /^(?![eE]$)[^\s0-9+.,'_-](?:[^0-9+-]{0,14}[^\s0-9+-])?$/u;

export function isCurrency(text: unknown): text is string {
  return typeof text === "string" && CURRENCY.test(text);
}

/** Returns the separators of a format as an array. */
export function groupSeparatorsOf({ groupSeparator = [] }: AmountFormat): readonly string[] {
  return typeof groupSeparator === "string" ? [groupSeparator] : groupSeparator;
}

/**
 * Converts an amount to a plain decimal with a point: `€ 1.234,5` becomes `1234.5`. Returns `null` if the separators or
 * groups do not fit the format. The result is not checked to be a number.
 */
export function plainDecimal(text: string, format: AmountFormat): string | null {
  const { currencies = [], decimalSeparator = "." } = format;
  const number = currencies.length === 0 ? text : withoutCurrency(text, currencies);
  const isSigned = number.startsWith("-") || number.startsWith("+");
  const sign = isSigned ? number.charAt(0) : "";
  const [whole = "", fraction, ...rest] = number.slice(sign.length).split(decimalSeparator);
  if (rest.length > 0 || (decimalSeparator !== "." && fraction?.includes("."))) return null;
  const digits = withoutGroups(whole, format);
  if (digits === null || (decimalSeparator !== "." && digits.includes("."))) return null;
  return fraction === undefined ? sign + digits : `${sign}${digits}.${fraction}`;
}

function withoutGroups(whole: string, format: AmountFormat): string | null {
  const separator = groupSeparatorsOf(format)
    .flatMap(writtenAs)
    .find((each) => whole.includes(each));
  if (separator === undefined) return whole;
  const { first, middle } = GROUPS[format.grouping ?? "thousands"];
  const groups = whole.split(separator);
  const last = groups.length - 1;
  const isWellGrouped = groups.every((group, i) =>
    (i === 0 ? first : i === last ? LAST_GROUP : middle).test(group),
  );
  return isWellGrouped ? groups.join("") : null;
}

/** Returns the characters that an amount may use for a separator. */
function writtenAs(separator: string): readonly string[] {
  if (separator === " ") return SPACES;
  return separator === "'" ? APOSTROPHES : [separator];
}

/** Removes one listed currency before or after the number. A sign may be before or after a leading currency. */
function withoutCurrency(text: string, currencies: readonly string[]): string {
  const sign = text.startsWith("-") || text.startsWith("+") ? text.charAt(0) : "";
  const unsigned = text.slice(sign.length);
  const longestFirst = currencies.toSorted((a, b) => b.length - a.length);
  const before = longestFirst.find((currency) => unsigned.startsWith(currency));
  if (before !== undefined) return sign + withoutSpaceBefore(unsigned.slice(before.length));
  const after = longestFirst.find((currency) => unsigned.endsWith(currency));
  return after === undefined ? text : sign + withoutSpaceAfter(unsigned.slice(0, -after.length));
}

function withoutSpaceBefore(text: string): string {
  return SPACE.test(text.charAt(0)) ? text.slice(1) : text;
}

function withoutSpaceAfter(text: string): string {
  return SPACE.test(text.charAt(text.length - 1)) ? text.slice(0, -1) : text;
}
