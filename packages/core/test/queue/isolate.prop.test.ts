import { describe, expect } from "vitest";
import { EvtError } from "../../src/evt-error.js";
import { isolate } from "../../src/queue/isolate.js";
import { fc, test } from "../properties.js";

const refusal = new EvtError("EVT_RECORD_REFUSED", "poison");

describe("isolate", () => {
  test.prop([fc.array(fc.record({ value: fc.nat(), poison: fc.boolean() }), { maxLength: 60 })])(
    "refuses the poisonous items, does the others once each, and keeps the order",
    async (items) => {
      const done: number[] = [];
      const work = async (some: readonly (typeof items)[number][]) => {
        if (some.some((item) => item.poison)) throw refusal;
        done.push(...some.map((item) => item.value));
        return some.map((item) => item.value);
      };
      const isolated = await isolate(items, work);
      expect(isolated).toEqual(
        items.map(({ value, poison }) => (poison ? { error: refusal, refused: true } : { result: value })),
      );
      expect(done).toEqual(items.filter((item) => !item.poison).map((item) => item.value));
    },
  );

  test.prop([fc.integer({ min: 1, max: 500 }), fc.nat()])(
    "needs a number of tries that grows with the logarithm",
    async (size, at) => {
      const poison = at % size;
      let tries = 0;
      const work = async (some: readonly number[]) => {
        tries++;
        if (some.includes(poison)) throw refusal;
        return some;
      };
      await isolate(
        Array.from({ length: size }, (_, i) => i),
        work,
      );
      expect(tries).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(size)) + 1);
    },
  );
});
