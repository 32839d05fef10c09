import { describe, expect, it } from "vitest";
import { prefersMinimal } from "../../src/routes/prefer.js";

describe("prefersMinimal", () => {
  it.each([
    "return=minimal",
    "Return=Minimal",
    'return="minimal"',
    "respond-async, return=minimal",
    "return = minimal; x=1",
  ])("is true of %s", (header) => expect(prefersMinimal(header)).toBe(true));

  it.each([undefined, "", "return=representation", "xreturn=minimal", "return=minimalist", "minimal"])(
    "is false of %s",
    (header) => expect(prefersMinimal(header)).toBe(false),
  );
});
