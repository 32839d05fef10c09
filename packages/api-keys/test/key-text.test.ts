import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isApiKey, parseApiKey } from "../src/index.js";
import { newKeyText } from "../src/key-text.js";

const KEY = "evt_0123456789ABCDEF_0123456789ABCDEFGHIJKLMNOPQRSTUV3wIdpI";
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

describe("the text of a key", () => {
  it("has a public id, a secret and the CRC-32 of both in base 62", () => {
    expect(parseApiKey(KEY)).toEqual({ id: "0123456789ABCDEF", secret: "0123456789ABCDEFGHIJKLMNOPQRSTUV" });
    const sum = [..."3wIdpI"].reduce((value, digit) => value * 62 + DIGITS.indexOf(digit), 0);
    expect(sum).toBe(crc32(KEY.slice(0, -6)));
  });

  it("is random, and found by the expression that the README gives to secret scanners", () => {
    const keys = Array.from({ length: 200 }, newKeyText);
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) {
      expect(isApiKey(key)).toBe(true);
      expect(key).toMatch(/^evt_[0-9A-Za-z]{16}_[0-9A-Za-z]{38}$/);
    }
  });

  it("has each letter and digit with the same probability", () => {
    const letters = Array.from({ length: 500 }, () => newKeyText().replaceAll("_", "").slice(3, 51)).join("");
    // 8 of 62 are 3,097 ± 52 of 24,000; without the dropped bytes, they would be 3,750
    expect(letters.match(/[0-7]/g)?.length).toBeLessThan(3_420);
    expect(new Set(letters).size).toBe(62);
  });

  it("with any character changed is not a key", () => {
    fc.assert(
      fc.property(
        fc.nat(KEY.length - 1),
        fc.constantFrom(...DIGITS, "_", "-", " ", "\u0435"),
        (at, other) => {
          fc.pre(KEY[at] !== other);
          expect(isApiKey(KEY.slice(0, at) + other + KEY.slice(at + 1))).toBe(false);
        },
      ),
    );
  });

  it.each([
    ["truncated", KEY.slice(0, -1)],
    ["longer", `${KEY}0`],
    ["with white space", ` ${KEY}`],
    ["with a line break", `${KEY}\n`],
    ["in upper case", KEY.toUpperCase()],
    ["with another prefix", KEY.replace("evt_", "evx_")],
    ["empty", ""],
    ["of a megabyte", "evt_".repeat(262_144)],
    ["in full-width characters", KEY.replaceAll("0", "\uff10")],
    ["a name of Object.prototype", "__proto__"],
  ])("%s is not a key", (_, text) => {
    expect(parseApiKey(text)).toBeNull();
  });

  it.each([undefined, null, 7, {}, [KEY], new String(KEY)])("%j is not a key", (value) => {
    expect(isApiKey(value)).toBe(false);
  });
});
