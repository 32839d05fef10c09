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

test("every row is measured once in each round, and each round begins with the next row", async () => {
  const { order, measures } = counting(["a", "b", "c"]);
  await interleavedRounds(measures, { rounds: 3 });
  expect(order.join("")).toBe("abc" + "bca" + "cab" + "abc");
});

test("the warm-up round is reported but dropped", async () => {
  const { measures } = counting(["a", "b"]);
  const measured: string[] = [];
  const kept = await interleavedRounds(measures, {
    rounds: 2,
    onMeasured: (row, value, round) => measured.push(`${round}${row}${value}`),
  });
  expect(measured).toEqual(["0a1", "0b2", "1b3", "1a4", "2a5", "2b6"]);
  expect([...kept]).toEqual([
    ["a", [4, 5]],
    ["b", [3, 6]],
  ]);
});

test("a measure that throws ends the run", async () => {
  const measures = new Map([["a", () => Promise.reject(new Error("99 of 100"))]]);
  await expect(interleavedRounds(measures, { rounds: 1 })).rejects.toThrow("99 of 100");
});
