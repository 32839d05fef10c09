import { expect, it } from "vitest";
import { repeat } from "../../src/time/repeat.js";

/** Timers that a test fires. */
class FakeTimers {
  readonly set = new Map<number, { readonly callback: () => void; readonly ms: number }>();
  #drawn = 0;

  setTimeout = (callback: () => void, ms: number): unknown => {
    this.set.set(++this.#drawn, { callback, ms });
    return this.#drawn;
  };

  clearTimeout = (timer: unknown) => {
    this.set.delete(timer as number);
  };

  async fire(): Promise<void> {
    for (const [timer, { callback }] of this.set) {
      this.set.delete(timer);
      callback();
    }
    await settled();
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Turns that end when the test calls their function, which passes whether there is more to do. */
function start() {
  const timers = new FakeTimers();
  const ends: ((more: boolean) => void)[] = [];
  const stop = repeat(50, timers, () => new Promise<boolean>((resolve) => ends.push(resolve)));
  return { timers, ends, stop };
}

it("begins immediately, and again `ms` milliseconds after each turn has ended", async () => {
  const { timers, ends, stop } = start();
  expect(ends).toHaveLength(1);
  expect(timers.set.size).toBe(0);
  ends[0]?.(false);
  await settled();
  expect([...timers.set.values()].map(({ ms }) => ms)).toEqual([50]);
  await timers.fire();
  expect(ends).toHaveLength(2);
  ends[1]?.(false);
  await stop();
});

it("begins the next turn immediately if there is more to do, unless it was stopped", async () => {
  const { timers, ends, stop } = start();
  ends[0]?.(true);
  await settled();
  expect(ends).toHaveLength(2);
  const stopping = stop();
  ends[1]?.(true);
  await stopping;
  expect(ends).toHaveLength(2);
  expect(timers.set.size).toBe(0);
});

it("stops immediately between two turns, and clears its timer", async () => {
  const { timers, ends, stop } = start();
  ends[0]?.(false);
  await settled();
  await stop();
  expect(timers.set.size).toBe(0);
  expect(ends).toHaveLength(1);
});

it("stops when the current turn has ended, and does not begin another", async () => {
  const { timers, ends, stop } = start();
  let stopped = false;
  const stopping = stop().then(() => {
    stopped = true;
  });
  await settled();
  expect(stopped).toBe(false);
  ends[0]?.(false);
  await stopping;
  expect(timers.set.size).toBe(0);
});
