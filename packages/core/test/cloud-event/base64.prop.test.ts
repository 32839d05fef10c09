import { isUtf8 } from "node:buffer";
import { describe, expect, it } from "vitest";
import { utf8OfBase64 } from "../../src/cloud-event/base64.js";
import { fc, test } from "../properties.js";

describe("Base64 of UTF-8", () => {
  const digits = fc.string({ unit: fc.constantFrom(..."AZaz09+/wq"), maxLength: 40 });

  test.prop([fc.oneof(digits, fc.string({ unit: "binary" }).map(encoded))])(
    "is decoded as Node does",
    (text) => {
      const bytes = Buffer.from(text, "base64");
      expect(utf8OfBase64(text)).toBe(isUtf8(bytes) ? bytes.toString("utf8") : undefined);
    },
  );

  test.prop([fc.string({ unit: "grapheme" }), fc.boolean()])("needs no padding", (text, padded) => {
    const base64 = encoded(text);
    expect(utf8OfBase64(padded ? base64 : base64.replaceAll("=", ""))).toBe(text);
  });

  it("has no other characters, and no more than two of padding", () => {
    for (const text of ["a b", "YQ==\n", "YQ===", "=YQ", "YQ-_", "é"])
      expect(utf8OfBase64(text)).toBeUndefined();
  });
});

function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}
