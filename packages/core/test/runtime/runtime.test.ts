import { expect, it } from "vitest";
import { systemRuntime } from "../../src/runtime/runtime.js";

it("receipt ids are unique and have 32 hex digits", () => {
  const { receiptId } = systemRuntime();
  const ids = Array.from({ length: 10_000 }, receiptId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) if (!/^[0-9a-f]{32}$/.test(id)) expect.fail(id);
  expect(ids).not.toContain(systemRuntime().receiptId());
});

it("one paused task continues per turn of the event loop, in order", async () => {
  const order: string[] = [];
  const pauses = ["a", "b", "c"].map(async (name) => {
    await systemRuntime().pause();
    order.push(name);
  });
  const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
  for (const most of [1, 2, 3]) {
    await turn();
    expect(order.length).toBeLessThanOrEqual(most);
  }
  await Promise.all(pauses);
  expect(order).toEqual(["a", "b", "c"]);
  // a task that pauses later waits its turn, too
  await systemRuntime().pause();
});
