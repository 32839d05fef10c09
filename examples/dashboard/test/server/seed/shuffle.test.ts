import { describe, expect, test } from "vitest";
import { shuffled } from "../../../server/seed/shuffle.js";

const items = Array.from({ length: 1_000 }, (_, i) => i);

describe("shuffled", () => {
  test("has the same items, and does not change the original", () => {
    const before = [...items];
    expect(shuffled(items, 1).sort((a, b) => a - b)).toEqual(before);
    expect(items).toEqual(before);
  });

  test("is the same for the same seed, and different for another", () => {
    expect(shuffled(items, 1)).toEqual(shuffled(items, 1));
    expect(shuffled(items, 1)).not.toEqual(shuffled(items, 2));
  });

  test("moves nearly every item", () => {
    const stayed = shuffled(items, 1).filter((item, i) => item === items[i]);
    expect(stayed.length).toBeLessThan(10);
  });
});
