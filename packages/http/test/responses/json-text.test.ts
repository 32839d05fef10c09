import { describe, expect, it } from "vitest";
import { elementsJson, encoded, joined } from "../../src/responses/json-text.js";

/** Counts the turns of the event loop during some work. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const turn = () => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  turn();
  await work();
  isOver = true;
  return turns;
}

function busy(ms: number): void {
  const since = performance.now();
  while (performance.now() - since < ms);
}

describe("JSON text in parts", () => {
  it.each([0, 1, 2, 5_000])("is that of the whole array, of %s elements", async (count) => {
    const items = Array.from({ length: count }, (_, n) => ({ n, text: "é".repeat(n % 50) }));
    const body = await encoded(
      joined('{"items":[', await elementsJson(items, (item) => JSON.stringify(item)), "]}"),
    );
    expect(String(body)).toBe(JSON.stringify({ items }));
    expect(Buffer.isBuffer(body)).toBe(count === 5_000);
  });

  it("passes each element its index", async () => {
    expect((await elementsJson(["a", "b"], (item, index) => `"${item}${index}"`)).join("")).toBe('"a0","b1"');
  });

  it("is made without holding the event loop for long", async () => {
    const make = () =>
      elementsJson(Array(40).fill(0), () => {
        busy(3);
        return "0";
      });
    expect(await turnsDuring(make)).toBeGreaterThan(5);
  });

  it("is encoded without holding the event loop for long", async () => {
    const parts = Array<string>(200).fill("é".repeat(2 ** 19));
    expect(await turnsDuring(() => encoded(parts))).toBeGreaterThan(3);
  });
});
