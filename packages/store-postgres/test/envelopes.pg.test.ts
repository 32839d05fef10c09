import { createEvt } from "@evt/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixture } from "./fixture.js";

const date = "2026-02-01T00:00:00Z";
const mappings = { shop: { unwrap: "data" } };

const elements = fc.array(
  fc.record({
    amount: fc.integer({ min: 0, max: 999 }),
    date: fc.constantFrom(date, undefined),
    eventId: fc.uuid(),
  }),
  { minLength: 1, maxLength: 20 },
);

describe("envelopes on Postgres", () => {
  it("of n events count n and their sum, sent or replayed, and nothing again", async () => {
    const { store } = await fixture();
    const evt = createEvt({ store, mappings });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(elements, fc.boolean(), async (data, isReplayed) => {
        const events = evt.tenant(`tenant ${run++}`);
        const envelope = { client: "shop", total: data.length, data };
        const refused = await events.ingestMany([envelope]);
        expect(refused).toMatchObject({ rejected: 1 });
        const ids = refused.outcomes.map(({ id }) => id);
        if (isReplayed) await Promise.all([1, 2].map(() => events.replay(ids, { mapping: "shop" })));
        else await events.ingestMany([envelope], { mapping: "shop" });
        expect(await events.ingestMany([envelope], { mapping: "shop" })).toMatchObject({
          duplicates: data.length,
        });
        const sum = String(data.reduce((total, { amount }) => total + amount, 0));
        expect((await events.aggregate()).rows).toMatchObject([{ count: data.length, sum }]);
      }),
      { numRuns: 10 },
    );
  });

  it("count events with neither key nor time once in concurrent replays", async () => {
    const { store } = await fixture();
    const events = createEvt({ store, mappings }).tenant("acme");
    const click = { type: "click", amount: 1 };
    const { outcomes } = await events.ingestMany([{ client: "web", data: [click, click, click] }]);
    const ids = outcomes.map(({ id }) => id);
    await Promise.all([1, 2, 3].map(() => events.replay(ids, { mapping: "shop" })));
    expect((await events.aggregate()).rows).toMatchObject([{ count: 3, sum: "3" }]);
    expect(await events.reasons()).toEqual([]);
  });
});
