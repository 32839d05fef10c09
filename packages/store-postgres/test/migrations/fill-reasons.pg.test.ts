import { createEvt, type ReplayReport } from "@evt/core";
import { migrate } from "@evt/store-postgres";
import { expect, it } from "vitest";
import { migrationsIn } from "../../src/migrations/index.js";
import { fixture } from "../fixture.js";

const EVENTS = 1_000;
const step = migrationsIn("evt").find(({ name }) => name === "fill reasons");

it("events that were parked without reasons are found and replayed by reason after the upgrade", async () => {
  const { store, admin, pool, schema } = await fixture();
  const evt = createEvt({ store });
  const acme = evt.tenant("acme");
  await acme.ingestMany(Array.from({ length: EVENTS }, (_, n) => ({ client: "a", eventId: `event ${n}` })));
  await admin.query(`update ${schema}.parked set reasons = '{}'`);
  await admin.query(`delete from ${schema}.migration where version = $1`, [step?.version]);

  expect(await migrate(pool, { schema })).toEqual([step?.version]);

  expect(await acme.reasons()).toMatchObject([{ reasons: ["amount_missing"], count: EVENTS }]);
  const edit = (raw: unknown) => ({ ...(raw as object), amount: 1 });
  let processed = 0;
  let cursor: string | null = null;
  do {
    const report: ReplayReport = await acme.replayPage(
      { reason: "amount_missing", ...(cursor !== null && { cursor }) },
      { edit },
    );
    processed += report.processed;
    cursor = report.nextCursor;
  } while (cursor !== null);
  expect(processed).toBe(EVENTS);
  await evt.close();
});
