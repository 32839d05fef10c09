import { readFileSync } from "node:fs";
import { expect, it, onTestFinished } from "vitest";
import { dropDatabase } from "../../../test/setup/drop-database.js";
import { postgresUrl } from "../../../test/setup/postgres-url.js";
import { listen } from "../../http/test/connection.js";
import { freshSchema, testPool } from "../../store-postgres/test/fixture.js";
import { runEvtKeys } from "./run-evt-keys.js";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const readme = read("../README.md");

it("the README shows the code that this test runs", () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(`${shown}\nexport { app, evt, keys, pool };\n`).toBe(read("./readme-example.ts"));
});

it("the example and the commands in the README work", async () => {
  const admin = testPool();
  const name = freshSchema();
  await admin.query(`create database ${name}`);
  const url = new URL(postgresUrl());
  url.pathname = `/${name}`;
  process.env.DATABASE_URL = url.href;
  const { app, evt, keys, pool } = await import("./readme-example.js");
  onTestFinished(async () => {
    await keys.close();
    await evt.close();
    await pool.end();
    await dropDatabase(admin, name);
  });
  const api = `http://127.0.0.1:${await listen(app)}/api`;
  const commands = [...readme.matchAll(/npx evt-keys ([a-z]+ --.*)$/gm)].map(([, args = ""]) => args);
  expect(commands).toHaveLength(5);

  const [create = "", ...others] = commands;
  const key = (await runEvtKeys(url.href, create)).out.trim();
  const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json", Connection: "close" };
  const body = '{ "type": "signup", "count": 1, "eventId": "signup-u1", "client": "web" }';
  expect(readme).toContain(body);
  const counted = await fetch(`${api}/events`, { method: "POST", headers, body });
  expect(await counted.json()).toMatchObject({ processed: 1 });
  const refused = await fetch(`${api}/keys`, { headers });
  expect(await refused.json()).toMatchObject({ code: "EVT_SCOPE_MISSING", scope: "admin" });

  for (const args of others) {
    const { code, note } = await runEvtKeys(url.href, args.replace("<id>", key.slice(4, 20)));
    expect([args, code, note]).toEqual([args, 0, expect.any(String)]);
  }
  const stored = await keys.list({ tenantId: "acme" });
  expect(stored.keys.find(({ id }) => id === key.slice(4, 20))?.revokedAt).not.toBeNull();
});
