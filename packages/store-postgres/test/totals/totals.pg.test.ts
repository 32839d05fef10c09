import { createEvt, type Evt } from "@evt/core";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import { aggregateQuery } from "../../src/totals/aggregate-query.js";
import { createFixture, type Fixture } from "../fixture.js";
import { amount, client, EDGES, metric, queryOver } from "./any-totals.js";
import { folded } from "./folded.js";
import { comparable, totalsOf } from "./totals-of-events.js";

let made: Fixture;
let evt: Evt;
beforeAll(async () => {
  made = await createFixture();
  evt = createEvt({ store: made.store, mapping: { earliest: "1900-01-01" } });
});
afterAll(() => made.dispose());

const timestamp = fc.constantFrom(...EDGES);
const sent = fc.record({ client, metric, amount, timestamp });

it("totals of any range, filter, grouping and zone equal the fold over the events to the last digit, folded or not", async () => {
  let run = 0;
  const sends = fc.array(sent, { minLength: 1, maxLength: 40, size: "max" });
  const property = fc.asyncProperty(
    sends,
    fc.array(queryOver(timestamp), { minLength: 5, maxLength: 10 }),
    fc.constantFrom("nothing", "half", "all"),
    async (events, queries, fold) => {
      const tenant = evt.tenant(`run ${++run}`);
      const keyed = events.map((event, n) => ({ ...event, eventId: n }));
      const half = Math.ceil(keyed.length / 2);
      expect(await tenant.ingestMany(keyed.slice(0, half))).toMatchObject({ processed: half });
      if (fold !== "nothing") await folded(made);
      await tenant.ingestMany(keyed.slice(half));
      if (fold === "all") await folded(made);
      for (const asked of queries) {
        const { rows } = await tenant.aggregate(asked);
        expect(
          rows
            .filter(({ count }) => count > 0)
            .map(comparable)
            .sort(),
        ).toEqual(totalsOf(events, asked).sort());
      }
    },
  );
  await fc.assert(property, { numRuns: depth(40, 150) });
});

// comparing each cell with each of thousands of quarter hours takes seconds
it("cells are looked up among the quarter hours that buckets split, not compared with each one", async () => {
  const minutes = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString();
  const buckets = Array.from({ length: 40 }, (_, n) => minutes(n * 20));
  const about = { tenantId: "t", byClientId: false, byMetric: false, limit: 10 };
  const { text, values } = aggregateQuery(made.schema, {
    ...about,
    from: minutes(0),
    to: minutes(800),
    buckets,
  });
  const { rows } = await made.pool.query(`explain ${text}`, [...(values ?? [])]);
  const plan = rows.map((row) => Object.values(row).join()).join("\n");
  expect(plan).toMatch(/hashed SubPlan/);
});
