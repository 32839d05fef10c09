import { expect, it } from "vitest";
import { systemRuntime } from "../../src/runtime/runtime.js";

it("of many that pause, one goes on in each turn of the event loop, first come first served", async () => {
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
  // and so does one that pauses later
  await systemRuntime().pause();
});
