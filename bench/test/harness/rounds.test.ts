import { expect, test } from "vitest";
import { interleavedRounds } from "../../src/harness/rounds.js";

function counting(names: readonly string[]) {
  const order: string[] = [];
  const measures = new Map(
    names.map((name) => [
      name,
      async () => {
        order.push(name);
        return order.length;
      },
    ]),
  );
  return { order, measures };
}

test("every row is measured once a round, each round begun by the next", async () => {
  const { order, measures } = counting(["a", "b", "c"]);
  await interleavedRounds(measures, { rounds: 3 });
  expect(order.join("")).toBe("abc" + "bca" + "cab" + "abc");
});

test("the round that warms up is told and not kept", async () => {
  const { measures } = counting(["a", "b"]);
  const told: string[] = [];
  const kept = await interleavedRounds(measures, {
    rounds: 2,
    onMeasured: (row, value, round) => told.push(`${round}${row}${value}`),
  });
  expect(told).toEqual(["0a1", "0b2", "1b3", "1a4", "2a5", "2b6"]);
  expect([...kept]).toEqual([
    ["a", [4, 5]],
    ["b", [3, 6]],
  ]);
});

test("a measure that counted wrong ends the run", async () => {
  const measures = new Map([["a", () => Promise.reject(new Error("99 of 100"))]]);
  await expect(interleavedRounds(measures, { rounds: 1 })).rejects.toThrow("99 of 100");
});
