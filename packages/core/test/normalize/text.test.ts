import { describe, expect, it } from "vitest";
import { parseText, tenantIdProblem } from "../../src/normalize/text.js";

const parse = (value: unknown) => parseText(value, "clientId", "client_id_invalid");

describe("parseText", () => {
  it.each([
    ["client_A", "client_A"],
    ["  spaced out  ", "spaced out"],
    ["Zoë", "Zoë"],
    ["Zoe\u0308", "Zoe\u0308"],
    ["☕ sold", "☕ sold"],
    [42, "42"],
    [42n, "42"],
    ["x".repeat(255), "x".repeat(255)],
    ["😀".repeat(255), "😀".repeat(255)],
  ])("takes %o", (value, expected) => {
    expect(parse(value)).toBe(expected);
  });

  it.each([
    [""],
    ["  "],
    [true],
    [{}],
    [[]],
    [1.5],
    [2 ** 53],
    ["a\0b"],
    ["\ud800"],
    ["\udfff"],
    ["x".repeat(256)],
    ["😀".repeat(256)],
    ["x".repeat(1_000_000)],
  ])("refuses %o", (value) => {
    expect(parse(value)).toMatchObject({
      code: "client_id_invalid",
      message: expect.stringContaining("clientId"),
    });
  });

  it.each([
    ["x".repeat(256), "has 256 characters; the limit is 255"],
    ["\ud800".repeat(510), "has 510 characters; the limit is 255"],
    ["x".repeat(1_000_000), "has more than 510 characters; the limit is 255"],
  ])("looks at the length first", (text, message) => {
    expect(parse(text)).toMatchObject({ message: expect.stringContaining(message) });
  });
});

describe("tenantIdProblem", () => {
  it("takes up to 64 characters", () => {
    expect(tenantIdProblem("t".repeat(64))).toBeUndefined();
    expect(tenantIdProblem("t".repeat(65))).toContain("the limit is 64");
  });

  it.each([[undefined], [""], [7], ["a\0"]])("refuses %o", (value) => {
    expect(tenantIdProblem(value)).toContain("tenantId");
  });
});
