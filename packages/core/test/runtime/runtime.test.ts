import { expect, it } from "vitest";
import { systemRuntime } from "../../src/runtime/runtime.js";

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
