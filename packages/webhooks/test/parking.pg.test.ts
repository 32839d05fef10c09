import { createEvt } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import { describe, expect, it, onTestFinished } from "vitest";
import { postgresUrl } from "../../../test/setup/postgres-url.js";
import { testPool } from "../../store-postgres/test/fixture.js";
import { receiver } from "./receiver.js";
import { type WebhooksFixture, webhooksFixture } from "./webhooks-fixture.js";

const parked = async ({ admin, schema }: WebhooksFixture) =>
  (await admin.query(`select count(*)::int as count from ${schema}.parked`)).rows[0].count as number;

describe("an event is parked even if", () => {
  const troubles = {
    "the outbox is missing": "drop table SCHEMA.webhook_outbox",
    "the endpoints are missing": "drop table SCHEMA.webhook_endpoint",
    "a column is missing": "alter table SCHEMA.webhook_outbox drop column parked_id",
    "the outbox refuses the row": "alter table SCHEMA.webhook_outbox add check (false) not valid",
    "the tables of pg-boss are missing": "drop schema SCHEMA_webhooks cascade",
  };
  it.each(Object.entries(troubles))("%s", async (_, trouble) => {
    const made = await webhooksFixture([{ url: "https://example.test/" }]);
    await made.admin.query(trouble.replaceAll("SCHEMA", made.schema));
    expect(await made.reject(3)).toHaveLength(3);
    expect(await parked(made)).toBe(3);
  });

  it("the outbox is locked", async () => {
    const made = await webhooksFixture([{ url: "https://example.test/" }]);
    const holder = await made.admin.connect();
    onTestFinished(() => holder.release(true));
    await holder.query(`begin; lock table ${made.schema}.webhook_outbox in access exclusive mode`);
    await made.reject(3);
    expect(await parked(made)).toBe(3);
  });
});

it("does not send a notification if parking was rolled back", async () => {
  const to = await receiver();
  const made = await webhooksFixture([{ url: to.url }]);
  const { admin, schema } = made;
  made.webhooks.start();
  const [kept] = await made.reject(1);
  const columns = "tenant_id, status, received_at, issues, attempts, last_attempt_at, reasons";
  const client = await admin.connect();
  onTestFinished(() => client.release());
  await client.query("begin");
  await client.query(
    `insert into ${schema}.parked (id, ${columns}) select '\\x00'::bytea, ${columns} from ${schema}.parked`,
  );
  const { rows } = await client.query(
    `select from ${schema}.webhook_outbox where parked_id = '\\x00'::bytea`,
  );
  expect(rows).toHaveLength(1);
  await client.query("rollback");
  const [after] = await made.reject(1);
  await to.accepts(2);
  expect(to.received.map(({ message }) => message.data["id"]).sort()).toEqual([kept, after].sort());
});

it("sends notifications for events parked by a role without privileges on the webhook tables", async () => {
  const made = await webhooksFixture([{ url: "https://example.test/" }]);
  const { admin, schema } = made;
  const role = `${schema}_app`;
  await admin.query(`create role ${role} login password 'secret'`);
  onTestFinished(async () => void (await admin.query(`drop owned by ${role}; drop role ${role}`)));
  await admin.query(`grant usage on schema ${schema} to ${role};
    grant select, insert, update on ${schema}.claim, ${schema}.parked to ${role};
    grant select, insert on ${schema}.event to ${role}; grant select, insert on ${schema}.tally to ${role}`);
  const url = new URL(postgresUrl());
  url.username = role;
  url.password = "secret";
  const store = new PostgresStore({ pool: testPool({ connectionString: url.href }), schema });
  const { outcome } = await createEvt({ store }).tenant("acme").ingest({ client: "a" });
  expect(outcome).toBe("rejected");
  expect(await made.waiting()).toBe(1);
});
