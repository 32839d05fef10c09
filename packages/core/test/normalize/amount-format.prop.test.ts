import { describe, expect } from "vitest";
import { parseAmount } from "../../src/normalize/amount.js";
import type { AmountFormat } from "../../src/normalize/amount-format.js";
import { fc, test } from "../properties.js";

const LOCALES = [
  ...[
    "en-US",
    "de-DE",
    "fr-FR",
    "fr-CH",
    "de-CH",
    "de-AT",
    "en-IN",
    "hi-IN",
    "es-ES",
    "pt-BR",
    "pl-PL",
    "sv-SE",
    "it-IT",
  ],
  ...[
    "ru-RU",
    "cs-CZ",
    "hu-HU",
    "nb-NO",
    "da-DK",
    "nl-NL",
    "ja-JP",
    "zh-CN",
    "ko-KR",
    "tr-TR",
    "he-IL",
    "ar-EG",
    "fa-IR",
  ],
];
const STYLES = [
  {},
  { style: "currency", currency: "EUR" },
  { style: "currency", currency: "INR", currencyDisplay: "code" },
] as const;

interface Printed {
  readonly text: string;
  readonly amount: string;
  readonly format: AmountFormat;
}

/** An amount as a locale prints it, with the format that describes the locale. */
const printed = fc
  .record({
    locale: fc.constantFrom(...LOCALES),
    style: fc.constantFrom(...STYLES),
    units: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
    scale: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ locale, style, units, scale }): Printed => {
    const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
    const decimal = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
    const amount = `${units < 0n ? "-" : ""}${decimal}`;
    const format = new Intl.NumberFormat(locale, {
      ...style,
      minimumFractionDigits: scale,
      maximumFractionDigits: scale,
    });
    // numeric strings are printed exactly
    const withFraction = new Intl.NumberFormat(locale, { ...style, minimumFractionDigits: 2 });
    return {
      text: format.format(amount as never),
      amount: parseAmount(amount) as string,
      format: formatOf(withFraction),
    };
  });

function formatOf(format: Intl.NumberFormat): AmountFormat {
  const parts = [...format.formatToParts(1_234_567.5), ...format.formatToParts(0.25)];
  const partOf = (type: string) => parts.find((part) => part.type === type)?.value;
  const [group, decimal = ".", currency] = ["group", "decimal", "currency"].map(partOf);
  const isIndian = parts.filter(({ type }) => type === "integer")[1]?.value.length === 2;
  return {
    ...(group !== undefined && group !== decimal && { groupSeparator: ordinary(group) }),
    decimalSeparator: decimal,
    ...(isIndian && { grouping: "indian" }),
    ...(currency !== undefined && /^[^0-9+-]+$/.test(currency) && { currencies: [currency] }),
  };
}

/** The separator as a person types it. */
function ordinary(separator: string): string {
  if (/\s/.test(separator)) return " ";
  return separator === "\u2019" ? "'" : separator;
}

const AMOUNT_OPTION = /`amount: (\{.*?\})` reads it as (\S+?)(?:,|$)/g;

describe("an amount as a locale prints it", () => {
  test.prop([printed], { numRuns: 2_000 })(
    "is read as its digits, or refused",
    ({ text, amount, format }) => {
      const read = parseAmount(text, format);
      if (typeof read === "string") expect(read).toBe(amount);
      else expect(read.code).toBe("amount_not_a_number");
    },
  );

  test.prop([printed.filter(({ text }) => /^[-\u2212]?[0-9.,'\u2019 \u00a0\u202f]+$/.test(text))])(
    "is read if it has ASCII digits and no currency",
    ({ text, amount, format }) => {
      expect(parseAmount(text, format)).toBe(amount);
    },
  );

  test.prop([printed, fc.constantFrom<AmountFormat>({}, { groupSeparator: "," }, { decimalSeparator: "," })])(
    "is read by each format that the refusal advises, as the amount it names",
    ({ text }, format) => {
      const refused = parseAmount(text, format);
      if (typeof refused === "string") return;
      for (const [, option = "", amount] of refused.message.matchAll(AMOUNT_OPTION)) {
        const advised = JSON.parse(option.replaceAll(/(\w+): /g, '"$1": ')) as AmountFormat;
        expect(parseAmount(text, advised)).toBe(amount);
      }
    },
  );
});
