import { readFileSync } from "node:fs";
import { createWebhooks } from "@evt/webhooks";
import { expect, it, onTestFinished } from "vitest";
import { dropDatabase } from "../../../test/setup/drop-database.js";
import { postgresUrl } from "../../../test/setup/postgres-url.js";
import { freshSchema, testPool } from "../../store-postgres/test/fixture.js";
import { receiver, SECRET } from "./receiver.js";
import { QUICK, webhooksFixture } from "./webhooks-fixture.js";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

it("the README shows the code that this test runs", () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(read("../README.md")) ?? [];
  expect(`${shown}\nexport { evt, pool, webhooks };\n`).toBe(read("./readme-example.ts"));
});

it("the example in the README works", async () => {
  const to = await receiver();
  const admin = testPool();
  const name = freshSchema();
  await admin.query(`create database ${name}`);
  const url = new URL(postgresUrl());
  url.pathname = `/${name}`;
  Object.assign(process.env, { DATABASE_URL: url.href, OPS_URL: to.url, OPS_SECRET: SECRET });
  const { evt, pool, webhooks } = await import("./readme-example.js");
  onTestFinished(async () => {
    await webhooks.stop();
    await evt.close();
    await pool.end();
    await dropDatabase(admin, name);
  });
  await to.accepts(1);
  expect(to.received[0]?.message).toMatchObject({ type: "event.rejected", data: { clientId: "shop" } });
});

it("delivers, gives up, lists and resends as a role with the README's grants", async () => {
  let broken = true;
  const to = await receiver(() => (broken ? 500 : 200));
  const made = await webhooksFixture([{ url: to.url }]);
  const { admin, schema } = made;
  const role = `${schema}_app`;
  await admin.query(`create role ${role} login password 'secret'`);
  onTestFinished(async () => void (await admin.query(`drop owned by ${role}; drop role ${role}`)));
  const [, grants = ""] = /```sql\n(grant [^`]*)```/.exec(read("../README.md")) ?? [];
  await admin.query(grants.replaceAll("evt", schema).replaceAll("to app;", `to ${role};`));
  const url = new URL(postgresUrl());
  url.username = role;
  url.password = "secret";
  const pool = testPool({ connectionString: url.href });
  const endpoints = [{ name: "ops", url: to.url, secret: SECRET }];
  const errors: string[] = [];
  const onError = (error: unknown) => void errors.push(String(error));
  const webhooks = createWebhooks({ pool, schema, endpoints, onError, attempts: 2, ...QUICK });
  onTestFinished(() => webhooks.stop());
  webhooks.start();
  await made.reject(1);
  await to.receives(2);
  let given = await webhooks.undelivered();
  while (given.length === 0) given = await webhooks.undelivered();
  broken = false;
  expect(await webhooks.resend(given.map(({ messageId }) => messageId))).toBe(1);
  await to.accepts(1);
  expect(errors.filter((error) => !error.includes("status 500"))).toEqual([]);
});
