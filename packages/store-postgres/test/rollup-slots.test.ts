import { expect, it } from "vitest";
import { RollupSlots } from "../src/rollup-slots.js";

it("eight inserts at once hold eight slots, sixteen hold each of them twice, and what was held is free again", async () => {
  const slots = new RollupSlots();
  const held: number[] = [];
  const ends: (() => void)[] = [];
  const hold = () =>
    slots.hold((slot) => {
      held.push(slot);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const all = [0, 1, 2, 3, 4, 5, 6, 7];
  const inserts = all.map(hold);
  expect([...held].sort()).toEqual(all);
  inserts.push(...all.map(hold));
  expect(held.slice(8).sort()).toEqual(all);
  const third = held[2];
  ends[2]?.();
  await inserts[2];
  inserts.push(hold());
  expect(held.at(-1)).toBe(third);
  for (const end of ends) end();
  await Promise.all(inserts);
});

it("a slot is free again after an insert that failed", async () => {
  const slots = new RollupSlots();
  const used: number[] = [];
  for (let i = 0; i < 3; i++) {
    const failing = slots.hold((slot) => {
      used.push(slot);
      return Promise.reject(new Error("no"));
    });
    await expect(failing).rejects.toThrow("no");
  }
  expect(new Set(used).size).toBe(1);
});
