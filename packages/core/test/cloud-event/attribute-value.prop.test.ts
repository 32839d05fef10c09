import { describe, expect, it } from "vitest";
import { attributeValue } from "../../src/cloud-event/attribute-value.js";
import { fc, test } from "../properties.js";

/** Encodes as the binding says: space, double quote, percent and anything that is not printable ASCII. */
function encoded(value: string): string {
  return Array.from(value, (char) => (/[!#$&-~]/.test(char) ? char : percentOf(char))).join("");
}

function percentOf(char: string): string {
  return Array.from(Buffer.from(char), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(
    "",
  );
}

describe("the value of an attribute header", () => {
  test.prop([fc.string({ unit: "grapheme" })])("is what the sender encoded", (value) => {
    expect(attributeValue(encoded(value))).toBe(value);
    expect(attributeValue(encoded(value).toLowerCase())?.length).toBe(value.length);
  });

  test.prop([fc.string({ unit: "grapheme" })])("is the same in quotes", (value) => {
    expect(attributeValue(`"${encoded(value).replace(/["\\]/g, "\\$&")}"`)).toBe(value);
  });

  it("is decoded as the binding's example says", () => {
    expect(attributeValue("Euro%20%E2%82%AC%20%F0%9F%98%80")).toBe("Euro € 😀");
    expect(attributeValue("Euro%20%e2%82%ac")).toBe("Euro €");
    expect(attributeValue("%2525")).toBe("%25");
  });

  it("may be quoted and have spaces, as older versions of the binding wrote it", () => {
    expect(attributeValue('"say \\"hi\\" now"')).toBe('say "hi" now');
    expect(attributeValue("  two words ")).toBe("two words");
  });

  it.each(["%C0%A0", "100%", "%zz", "MÃ¼ller", "a\tb"])(
    "is refused if it cannot be decoded: %s",
    (header) => {
      expect(attributeValue(header)).toBeUndefined();
    },
  );
});
