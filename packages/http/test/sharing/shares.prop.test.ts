import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Share, Shares } from "../../src/sharing/shares.js";

const steps = fc.array(
  fc.record({ key: fc.nat(5), amount: fc.integer({ min: 1, max: 60 }), isReleased: fc.boolean() }),
  { maxLength: 60 },
);

describe("Shares", () => {
  it("never exceed the capacity, and no key with several shares holds more than it leaves free", () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const shares = new Shares(100);
        const held: { share: Share; key: number; amount: number }[] = [];
        const sum = (of: typeof held) => of.reduce((all, { amount }) => all + amount, 0);
        for (const { key, amount, isReleased } of taken) {
          if (isReleased) {
            held.shift()?.share.release();
            continue;
          }
          const share = shares.of(String(key));
          const ofKey = held.filter((each) => each.key === key);
          const free = 100 - sum(held) - amount;
          const expected = free < 0 ? "all" : ofKey.length > 0 && sum(ofKey) + amount > free ? "own" : null;
          expect(share.grow(amount)).toBe(expected);
          if (expected === null) held.push({ share, key, amount });
          expect(shares.held).toBe(sum(held));
        }
        for (const { share } of held) share.release();
        expect(shares.held).toBe(0);
      }),
    );
  });

  it.each([1, 3, 10, 100])("leave room for another key next to %i greedy ones", (greedy) => {
    const shares = new Shares(1_000);
    for (let round = 0; round < 1_000; round++)
      for (let key = 0; key < greedy; key++) shares.of(`greedy ${key}`).grow(1);
    const another = Array.from({ length: 4 }, () => shares.of("another").grow(1));
    expect(another).toEqual([null, null, null, null]);
    expect(1_000 - shares.held).toBeGreaterThanOrEqual(1_000 / (greedy + 1) - greedy - 4);
  });

  it("let one share of a key take all that is free, but no second share", () => {
    const shares = new Shares(100);
    const large = shares.of("a");
    for (let i = 0; i < 10; i++) expect(large.grow(9)).toBe(null);
    expect(shares.of("a").grow(1)).toBe("own");
    expect(shares.of("b").grow(10)).toBe(null);
    expect(shares.of("c").grow(1)).toBe("all");
    large.release();
    large.release();
    expect(shares.held).toBe(10);
  });
});
