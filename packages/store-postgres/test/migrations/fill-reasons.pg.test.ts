import { createEvt } from "@evt/core";
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
  await admin.query(`delete from ${schema}.migration where version >= $1`, [step?.version]);

  expect(await migrate(pool, { schema })).toContain(step?.version);

  expect(await acme.reasons()).toMatchObject([{ reasons: ["amount_missing"], count: EVENTS }]);
  const replayed = await acme.replayAll({
    reason: "amount_missing",
    edit: (raw) => ({ ...(raw as object), amount: 1 }),
  });
  expect(replayed).toMatchObject({ processed: EVENTS });
  await evt.close();
});
