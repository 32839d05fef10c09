import { describe, expect, it } from "vitest";
import { average, compareDecimals, DecimalFold } from "../../src/query/decimal.js";
import { canonicalAmount } from "../arbitraries.js";
import { fc, test } from "../properties.js";

/** An oracle with another method: fractions over a common power of ten. */
function fraction(amount: string): { numerator: bigint; scale: number } {
  const [whole = "", decimals = ""] = amount.split(".");
  return { numerator: BigInt(whole + decimals), scale: decimals.length };
}

function total(amounts: readonly string[]): string {
  let sum = 0n;
  for (const amount of amounts) {
    const { numerator, scale } = fraction(amount);
    sum += numerator * 10n ** BigInt(18 - scale);
  }
  const digits = (sum < 0n ? -sum : sum).toString().padStart(19, "0");
  const plain = `${digits.slice(0, -18)}.${digits.slice(-18)}`.replace(/\.?0+$/, "");
  return sum < 0n ? `-${plain}` : plain;
}

describe("DecimalFold", () => {
  test.prop([fc.array(canonicalAmount, { minLength: 1 })])("adds exactly", (amounts) => {
    const fold = new DecimalFold();
    for (const amount of amounts) fold.add(amount);
    expect(fold.sum).toBe(total(amounts));
    expect(fold.count).toBe(amounts.length);
    expect([...amounts].sort(compareDecimals)).toEqual(expect.arrayContaining([fold.min, fold.max]));
    expect(
      amounts.every(
        (amount) =>
          compareDecimals(fold.min as string, amount) <= 0 &&
          compareDecimals(amount, fold.max as string) <= 0,
      ),
    ).toBe(true);
  });

  test.prop([fc.array(canonicalAmount), fc.array(canonicalAmount)])(
    "merges to the same totals as one fold",
    (left, right) => {
      const fold = (amounts: readonly string[]) =>
        amounts.reduce((sum, amount) => sum.add(amount), new DecimalFold());
      const merged = fold(left).merge(fold(right));
      const whole = fold([...left, ...right]);
      expect([merged.count, merged.sum, merged.min, merged.max]).toEqual([
        whole.count,
        whole.sum,
        whole.min,
        whole.max,
      ]);
    },
  );

  it("is empty at first", () => {
    const { count, sum, min, max } = new DecimalFold();
    expect({ count, sum, min, max }).toEqual({ count: 0, sum: "0", min: null, max: null });
  });

  it("adds 0.1 and 0.2 to 0.3", () => {
    expect(new DecimalFold().add("0.1").add("0.2").sum).toBe("0.3");
  });
});

describe("average", () => {
  it.each([
    ["10", 4, "2.5"],
    ["1", 3, "0.33333333333333333333"],
    ["2", 3, "0.66666666666666666667"],
    ["-1", 3, "-0.33333333333333333333"],
    ["0", 7, "0"],
    ["0.000000000000000001", 3, "0.00000000000000000033333333333333333333"],
    ["100000000000000000001", 2, "50000000000000000000"],
    ["100000000000000000003", 2, "50000000000000000002"],
    ["99999999999999999999999999999999999999", 1, "100000000000000000000000000000000000000"],
    ["12345678901234567890123", 1, "12345678901234567890000"],
  ])("divides %s by %i to %s", (sum, count, expected) => {
    expect(average(sum, count)).toBe(expected);
  });

  test.prop([canonicalAmount, fc.integer({ min: 1, max: 1_000_000 })])(
    "is within half a unit of its last digit",
    (sum, count) => {
      const shown = average(sum, count);
      const significant = shown.replace(/[-.]/g, "").replace(/^0+/, "").replace(/0+$/, "");
      expect(significant.length).toBeLessThanOrEqual(20);
      const exact = fraction(sum);
      const got = fraction(shown);
      // |shown - sum/count| * count, over 10^60
      const scaled = ({ numerator, scale }: { numerator: bigint; scale: number }) =>
        numerator * 10n ** BigInt(60 - scale);
      const error = scaled(got) * BigInt(count) - scaled(exact);
      const size = scaled(exact) < 0n ? -scaled(exact) : scaled(exact);
      expect((error < 0n ? -error : error) * 2n * 10n ** 19n <= size).toBe(true);
    },
  );
});
