import { describe, expect, it } from "vitest";
import { ResponseBudget } from "../../src/responses/response-budget.js";
import { tenantKey } from "../../src/sharing/share-key.js";

const a = tenantKey("a");
const b = tenantKey("b");

function budgetOf(answerBytesAtOnce: number) {
  const budget = new ResponseBudget({
    answerMs: 1,
    answerStallMs: 1,
    bytesPerSecond: 1,
    answerBytesAtOnce,
  });
  const hold = (key: string, bytes: number) => {
    const { share } = budget.taking(key);
    return { shortage: share.grow(bytes), release: () => share.release() };
  };
  const isRefused = (key: string) =>
    budget
      .whileRoom(key, async () => "made")
      .then(
        () => false,
        ({ status, code }) => status === 503 && code === "EVT_OVERLOADED",
      );
  return { budget, hold, isRefused };
}

describe("ResponseBudget", () => {
  it("refuses to make an answer where the last one did not fit, until one of that tenant's is taken", async () => {
    const { hold, isRefused } = budgetOf(100);
    const held = hold(a, 40);
    expect(await isRefused(a)).toBe(false);
    expect(hold(a, 40).shortage).toBe("own");
    expect([await isRefused(a), await isRefused(b)]).toEqual([true, false]);
    hold(b, 10).release();
    expect(await isRefused(a)).toBe(true);
    held.release();
    expect(await isRefused(a)).toBe(false);
  });

  it("refuses nobody any more where all was used up and any answer is taken", async () => {
    const { hold, isRefused } = budgetOf(100);
    const held = hold(a, 90);
    expect(hold(b, 20).shortage).toBe("all");
    expect([await isRefused(a), await isRefused(b)]).toEqual([false, true]);
    held.release();
    expect(await isRefused(b)).toBe(false);
  });

  it("refuses an answer larger than all of it, and nothing else", async () => {
    const { hold, isRefused } = budgetOf(100);
    expect(hold(a, 101).shortage).toBe("all");
    expect(await isRefused(a)).toBe(false);
  });

  it("gives up what is being made for a tenant whose answers do not fit, and for no other", async () => {
    const { budget, hold } = budgetOf(100);
    hold(a, 40);
    const signals: AbortSignal[] = [];
    const making = [a, b].map((key) =>
      budget.whileRoom(key, (short) => {
        signals.push(short);
        return new Promise((resolve, reject) => {
          short.addEventListener("abort", () => reject(new Error("given up")));
          if (key === b) setImmediate(resolve, "made");
        });
      }),
    );
    hold(a, 40);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    await expect(making[0]).rejects.toMatchObject({ status: 503 });
    await expect(making[1]).resolves.toBe("made");
  });

  it("passes on what goes wrong while an answer is made", async () => {
    const { budget } = budgetOf(100);
    await expect(budget.whileRoom(a, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});
