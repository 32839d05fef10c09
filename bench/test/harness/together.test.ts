import { expect, test } from "vitest";
import { interleavedRounds } from "../../src/harness/rounds.js";
import { together } from "../../src/harness/together.js";

function counted() {
  let runs = 0;
  const rows = together(["a", "b"], async () => {
    runs++;
    return { a: runs, b: runs * 10 };
  });
  return { rows, runs: () => runs };
}

test("one run provides the values of both rows of a round", async () => {
  const { rows, runs } = counted();
  const kept = await interleavedRounds(new Map(rows), { rounds: 2 });
  expect(runs()).toBe(3);
  expect([...kept]).toEqual([
    ["a", [2, 3]],
    ["b", [20, 30]],
  ]);
});

test("a row alone starts a run each time", async () => {
  const { rows, runs } = counted();
  const [[, a] = []] = rows;
  expect([await a?.(), await a?.()]).toEqual([1, 2]);
  expect(runs()).toBe(2);
});

test("no value is used twice", async () => {
  const { rows } = counted();
  const [[, a] = [], [, b] = []] = rows;
  expect([await a?.(), await a?.(), await b?.(), await b?.()]).toEqual([1, 2, 20, 30]);
});

test("a failed run fails its row, and the next row starts another run", async () => {
  let runs = 0;
  const rows = together(["a", "b"], async () => {
    if (++runs === 1) throw new Error("99 of 100");
    return { a: 1, b: 2 };
  });
  const [[, a] = [], [, b] = []] = rows;
  await expect(a?.()).rejects.toThrow("99 of 100");
  expect(await b?.()).toBe(2);
});
