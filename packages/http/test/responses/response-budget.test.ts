import { describe, expect, it } from "vitest";
import { ResponseBudget } from "../../src/responses/response-budget.js";
import { tenantKey } from "../../src/sharing/share-key.js";

const a = tenantKey("a");
const b = tenantKey("b");

function budgetOf(responseBytesAtOnce: number) {
  const budget = new ResponseBudget({
    responseMs: 1,
    responseStallMs: 1,
    bytesPerSecond: 1,
    responseBytesAtOnce,
  });
  const hold = (key: string, bytes: number) => {
    const { share } = budget.limitsFor(key);
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
  it("refuses to make a response if the tenant's last one did not fit, until one of that tenant is released", async () => {
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

  it("refuses no request after all memory was used and any response is released", async () => {
    const { hold, isRefused } = budgetOf(100);
    const held = hold(a, 90);
    expect(hold(b, 20).shortage).toBe("all");
    expect([await isRefused(a), await isRefused(b)]).toEqual([false, true]);
    held.release();
    expect(await isRefused(b)).toBe(false);
  });

  it("refuses only a response that is larger than the whole budget", async () => {
    const { hold, isRefused } = budgetOf(100);
    expect(hold(a, 101).shortage).toBe("all");
    expect(await isRefused(a)).toBe(false);
  });

  it("aborts responses being made for a tenant whose responses do not fit, and for no other", async () => {
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

  it("passes on an error that is thrown while a response is made", async () => {
    const { budget } = budgetOf(100);
    await expect(budget.whileRoom(a, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});
