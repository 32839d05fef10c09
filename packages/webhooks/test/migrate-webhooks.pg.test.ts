import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { compiled } from "@evt/programs";
import { migrateWebhooks } from "@evt/webhooks";
import { expect, it, onTestFinished } from "vitest";
import { postgresUrl } from "../../../test/setup/postgres-url.js";
import { fixture } from "../../store-postgres/test/fixture.js";
import { failureOf, patient, recordOf } from "../../store-postgres/test/records.js";
import { START } from "../../store-postgres/test/start-lock.js";
import { until } from "../../store-postgres/test/until.js";
import { receiver, SECRET } from "./receiver.js";
import { webhooksFixture } from "./webhooks-fixture.js";

const PROCESSES = 10;

it("creates each object once if ten processes migrate at the same time", { timeout: 120_000 }, async () => {
  const { admin, schema } = await fixture();
  onTestFinished(async () => void (await admin.query(`drop schema if exists ${schema}_webhooks cascade`)));
  const starter = await admin.connect();
  await starter.query(`select ${START.hold}`, [schema]);
  const program = await compiled(new URL("./migrate-webhooks-at-start.ts", import.meta.url), "sources");
  const processes = Array.from({ length: PROCESSES }, () =>
    promisify(execFile)(process.execPath, [program, postgresUrl(), schema]),
  );
  const waiting =
    "select from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock' having count(*) = 10";
  await until(admin, waiting, [schema]);
  await starter.query(`select ${START.give}`, [schema]);
  starter.release();
  await Promise.all(processes);
  const { rows } = await admin.query(`select name from ${schema}_webhooks.queue order by name`);
  expect(rows).toEqual([{ name: "gave_up" }, { name: "to_ops" }]);
  const triggers = "select from pg_trigger where tgrelid = $1::regclass and tgname = 'webhook_parked'";
  expect((await admin.query(triggers, [`${schema}.parked`])).rows).toHaveLength(1);
});

it("sends new events to a new endpoint, but not to a removed one", async () => {
  const to = await receiver();
  const made = await webhooksFixture([{ name: "old", url: to.url }]);
  const { admin, schema } = made;
  await made.reject(1);
  await migrateWebhooks(admin, { schema, endpoints: [{ name: "new", url: to.url, secret: SECRET }] });
  await made.reject(2);
  const { rows } = await admin.query(
    `select endpoint, count(*)::int from ${schema}.webhook_outbox group by endpoint order by endpoint`,
  );
  expect(rows).toEqual([
    { endpoint: "new", count: 2 },
    { endpoint: "old", count: 1 },
  ]);
});

it("waits for a long transaction that parked events; others can park events meanwhile", {
  timeout: 120_000,
}, async () => {
  const { store, admin, pool, schema } = await fixture();
  onTestFinished(async () => void (await admin.query(`drop schema if exists ${schema}_webhooks cascade`)));
  const rejected = () => failureOf(recordOf(), { status: "rejected" });
  await store.park([rejected()], patient());
  const holder = await admin.connect();
  await holder.query("begin");
  await holder.query(`update ${schema}.parked set attempts = attempts`);
  const migrating = migrateWebhooks(pool, { schema, endpoints: [] }).then(() => "migrated");
  const waiting = "select from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'";
  await until(admin, waiting, [schema]);
  // the holder ends only after this
  await store.park([rejected()], patient());
  await holder.query("commit");
  holder.release();
  expect(await migrating).toBe("migrated");
});
