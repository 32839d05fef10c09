import { quoted } from "../quoted.js";
import { type AmountFormat, groupSeparatorsOf, isCurrency } from "./amount-format.js";

/**
 * Maximum length of an amount for which advice is given. Long enough for real amounts, and short enough that trying all
 * formats is fast.
 */
const LONGEST = 80;
const SEPARATORS: readonly string[] = [",", ".", " ", "'", "_"];
const SPACE_OR_APOSTROPHE: Readonly<Record<string, string>> = { "\u00a0": " ", "\u202f": " ", "\u2019": "'" };

/**
 * Suggests options for an amount that `format` cannot read. Returns the end of a sentence, or "" if no options help. Each
 * suggestion was tried on the amount.
 */
export function amountAdvice(
  text: string,
  format: AmountFormat,
  read: (format: AmountFormat) => string | null,
): string {
  if (text.length > LONGEST || !/[0-9]/.test(text)) return "";
  const readings = new Map<string, AmountFormat>();
  for (const tried of candidates(text, format)) {
    const amount = read(tried);
    if (amount !== null && !readings.has(amount)) readings.set(amount, tried);
  }
  const options = [...readings].map(([amount, each]) => `${written(each)} reads it as ${amount}`);
  return options.length === 0 ? "" : `; in the mapping, ${options.join(", and ")}`;
}

/** Yields formats that might read the string, based on `format`. Simpler formats come first. */
function* candidates(text: string, format: AmountFormat): Generator<AmountFormat> {
  const found = currenciesOf(text);
  const { currencies = [], decimalSeparator = "." } = format;
  const accepted = found.length === 0 ? {} : { currencies: [...new Set([...currencies, ...found])] };
  const known = groupSeparatorsOf(format);
  const present = [...new Set([...text].map((each) => SPACE_OR_APOSTROPHE[each] ?? each))].filter((each) =>
    SEPARATORS.includes(each),
  );
  if (found.length > 0) yield { ...format, ...accepted };
  for (const decimal of [decimalSeparator, ...present.filter((each) => each !== decimalSeparator)]) {
    if (!isDecimal(decimal)) continue;
    const kept = known.filter((each) => each !== decimal);
    const base = { ...format, ...accepted, ...(decimal === "." ? {} : { decimalSeparator: decimal }) };
    if (decimal === ".") delete base.decimalSeparator;
    yield { ...base, ...grouped(kept) };
    for (const group of present) {
      if (group === decimal) continue;
      const groups = grouped([...new Set([...kept, group])]);
      yield { ...base, ...groups };
      yield { ...base, ...groups, grouping: format.grouping === "indian" ? "thousands" : "indian" };
    }
  }
}

function isDecimal(separator: string): boolean {
  return separator === "." || separator === ",";
}

function grouped(separators: readonly string[]): Pick<AmountFormat, "groupSeparator"> {
  if (separators.length === 0) return { groupSeparator: undefined };
  return { groupSeparator: separators.length === 1 ? separators[0] : separators };
}

/** Returns the known currencies before the first digit and after the last digit. */
function currenciesOf(text: string): readonly string[] {
  const isDigit = (each: string) => each >= "0" && each <= "9";
  const characters = [...text];
  const before = characters.slice(0, characters.findIndex(isDigit)).join("");
  const after = characters.slice(characters.findLastIndex(isDigit) + 1).join("");
  return [before.replace(/[+-]/, ""), after].map((each) => each.trim()).filter(isKnownCurrency);
}

/** Returns `false` for other words, such as units, so that the message does not suggest them as currencies. */
function isKnownCurrency(text: string): boolean {
  return isCurrency(text) && (/\p{Sc}/u.test(text) || Intl.supportedValuesOf("currency").includes(text));
}

function written(format: AmountFormat): string {
  const members = Object.entries(format)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? quoted(value) : JSON.stringify(value)}`);
  return `\`amount: { ${members.join(", ")} }\``;
}
