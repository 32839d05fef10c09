import fc from "fast-check";

const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: min, maxLength: max });

/** Any canonical amount: up to 38 digits, up to 18 after the point, no redundant zeros. */
export const canonicalAmount: fc.Arbitrary<string> = fc
  .tuple(fc.boolean(), digits(0, 20), digits(0, 18))
  .map(([negative, whole, fraction]) => {
    const integer = whole.replace(/^0+/, "") || "0";
    const decimals = fraction.replace(/0+$/, "");
    const plain = decimals === "" ? integer : `${integer}.${decimals}`;
    return negative && plain !== "0" ? `-${plain}` : plain;
  });

/** A string of any script that evt accepts as a name. */
export const name: fc.Arbitrary<string> = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .map((text) => text.replaceAll("\0", "").trim())
  .filter((text) => text !== "" && !/[\ud800-\udfff]/u.test(text));
