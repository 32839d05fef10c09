import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { idempotencyKey } from "../../src/routes/idempotency-key.js";

describe("idempotencyKey", () => {
  it("returns undefined without the header", () => {
    expect(idempotencyKey(undefined)).toBeUndefined();
  });

  it.each([
    ['"order-17"', "order-17"],
    ["order-17", "order-17"],
    ["8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"],
    ['"a \\"b\\" \\\\ c, d"', 'a "b" \\ c, d'],
    ['" spaced "', "spaced"],
    [`"${"k".repeat(255)}"`, "k".repeat(255)],
  ])("reads %s", (header, key) => {
    expect(idempotencyKey(header)).toBe(key);
  });

  it.each(['"', '"a', 'a"', '"a" "b"', '"a", "b"', "a, b", "a b", '"\\a"', '"é"', "é", '"a\tb"', '"a";x=1'])(
    "refuses %s as malformed",
    (header) => {
      expect(() => idempotencyKey(header)).toThrow("Idempotency-Key is malformed");
    },
  );

  it("refuses an empty or too long key, with the reason", () => {
    for (const header of ["", '""', '"   "']) {
      expect(() => idempotencyKey(header)).toThrow("Idempotency-Key is empty");
    }
    expect(() => idempotencyKey("k".repeat(256))).toThrow("has 256 characters; the limit is 255");
  });

  it("reads any printable ASCII that is quoted as in RFC 8941", () => {
    const printable = fc.stringMatching(/^[!-~]([ -~]{0,100}[!-~])?$/);
    fc.assert(
      fc.property(printable, (key) => {
        expect(idempotencyKey(`"${key.replace(/[\\"]/g, "\\$&")}"`)).toBe(key);
      }),
    );
  });
});
