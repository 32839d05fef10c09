import { readFileSync } from "node:fs";
import { migrateApiKeys, PostgresApiKeyStore } from "@evt/api-keys/postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { postgresUrl } from "../../../test/setup/postgres-url.js";
import { freshSchema } from "../../store-postgres/test/fixture.js";
import { createApiKeys } from "../src/index.js";
import { describeKeyStore, storedKey } from "./key-store-contract.js";
import { bearer, keysFixture } from "./keys-fixture.js";

let admin: pg.Pool;
let schema: string;
/** Shared, because each store listens to its pool. */
let store: PostgresApiKeyStore;

beforeAll(async () => {
  admin = new pg.Pool({ connectionString: postgresUrl() });
  schema = freshSchema();
  await admin.query(`create schema ${schema}`);
  await Promise.all(Array.from({ length: 5 }, () => migrateApiKeys(admin, { schema })));
  store = new PostgresApiKeyStore({ pool: admin, schema });
});

afterAll(async () => {
  await admin.query(`drop schema ${schema} cascade`);
  await admin.end();
});

const emptied = async () => {
  await admin.query(`delete from ${schema}.api_key`);
  return store;
};

describeKeyStore("PostgresApiKeyStore", emptied);

describe("PostgresApiKeyStore", () => {
  it("does not depend on the settings of a session", async () => {
    await emptied();
    const options = "-c TimeZone=Asia/Kathmandu -c DateStyle=SQL,DMY -c bytea_output=escape -c search_path=";
    const pool = new pg.Pool({ connectionString: postgresUrl(), options });
    onTestFinished(() => pool.end());
    const store = new PostgresApiKeyStore({ pool, schema });
    const key = storedKey({ expiresAt: "2027-01-02T03:04:05.678Z", scopes: ["ingest", "read"] });
    await store.insert(key);
    const found = await store.find(key.id);
    expect(found && { ...found, secretHash: [...found.secretHash] }).toEqual({
      ...key,
      secretHash: [...key.secretHash],
    });
  });

  it("throws an error without an address or a login if Postgres cannot be reached", async () => {
    const pool = new pg.Pool({ connectionString: "postgresql://user:s3cret@127.0.0.1:1/db" });
    onTestFinished(() => pool.end());
    const { keys } = keysFixture({ store: new PostgresApiKeyStore({ pool }) });
    const { key } = await keysFixture().create();
    const error = await keys.authenticate(bearer(key)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "EVT_STORE_UNAVAILABLE" });
    expect(String(error)).not.toMatch(/127\.0\.0\.1|user|s3cret/);
    await keys.close();
  });

  it("stores no secret", async () => {
    const { keys, create } = keysFixture({ store: await emptied() });
    const { key } = await create();
    await keys.authenticate(bearer(key));
    await keys.close();
    const { rows } = await admin.query(`select to_jsonb(key)::text as row from ${schema}.api_key as key`);
    expect(rows[0].row).toContain(key.slice(4, 20));
    expect(rows[0].row).not.toContain(key.slice(21));
  });

  it("makes a key that one process revokes fail in another within a second", async () => {
    await emptied();
    const [one, two] = [createApiKeys({ store }), keysFixture({ store, cacheMs: 900 })];
    const { key, apiKey } = await one.create({ tenantId: "t", scopes: ["read"] });
    await two.keys.authenticate(bearer(key));
    await one.revoke({ tenantId: "t", id: apiKey.id });
    two.clock.at += 900;
    await expect(two.keys.authenticate(bearer(key))).rejects.toThrow("was revoked");
  });

  it.each([
    [{}, "needs a pool"],
    [{ schema: "a.b" }, "schema is"],
    [{ timeoutMs: 0 }, "timeoutMs is 0"],
    [{ table: "x" }, 'no option "table"'],
  ])("refuses the options %j", (options, why) => {
    const pool = Object.keys(options).length === 0 ? {} : { pool: admin };
    expect(() => new PostgresApiKeyStore({ ...pool, ...options } as never)).toThrow(why);
  });
});

describe("a role with the grants of the README", () => {
  const grants = [
    ...readFileSync(new URL("../README.md", import.meta.url), "utf8").matchAll(/```sql\n(grant [^`]*)```/g),
  ].map(([, sql = ""]) => sql);

  /** Returns a pool of a new role that has the given grants. */
  async function poolWith(sql: string): Promise<pg.Pool> {
    const role = `${schema}_app`;
    await admin.query(`create role ${role} login password 'secret'`);
    onTestFinished(async () => void (await admin.query(`drop owned by ${role}; drop role ${role}`)));
    await admin.query(sql.replaceAll("evt", schema).replaceAll("to app;", `to ${role};`));
    const url = new URL(postgresUrl());
    url.username = role;
    url.password = "secret";
    const pool = new pg.Pool({ connectionString: url.href });
    onTestFinished(() => pool.end());
    return pool;
  }

  it("can check keys and note their use, but not create or revoke them", async () => {
    const { keys, create } = keysFixture({ store: await emptied() });
    const { key, apiKey } = await create();
    await keys.revoke({ tenantId: "t", id: (await create()).apiKey.id });
    const pool = await poolWith(grants[0] ?? "");
    const store = new PostgresApiKeyStore({ pool, schema });
    const own = keysFixture({ store });
    await own.keys.authenticate(bearer(key));
    await own.keys.close();
    expect((await store.find(apiKey.id))?.lastUsedAt).not.toBeNull();
    for (const refused of [
      () => own.create(),
      () => own.keys.revoke({ tenantId: "t", id: apiKey.id }),
      () => own.keys.rotate({ tenantId: "t", id: apiKey.id }),
    ])
      await expect(refused()).rejects.toMatchObject({ code: "EVT_INTERNAL" });
    await expect(pool.query(`delete from ${schema}.api_key`)).rejects.toThrow("permission denied");
    await expect(pool.query(`update ${schema}.api_key set tenant_id = 'x'`)).rejects.toThrow(
      "permission denied",
    );
  });

  it("can manage keys with the further grants, but not delete them or change their tenant and scopes", async () => {
    await emptied();
    const pool = await poolWith(grants.join(""));
    const { keys, create } = keysFixture({ store: new PostgresApiKeyStore({ pool, schema }) });
    const { key, apiKey } = await create();
    expect(await keys.rotate({ tenantId: "t", id: apiKey.id })).toMatchObject({ outcome: "rotated" });
    expect(await keys.revoke({ tenantId: "t", id: apiKey.id })).not.toBeNull();
    expect((await keys.list({ tenantId: "t" })).keys).toHaveLength(2);
    await expect(keys.authenticate(bearer(key))).rejects.toThrow("was revoked");
    for (const change of ["delete from", "truncate"])
      await expect(pool.query(`${change} ${schema}.api_key`)).rejects.toThrow("permission denied");
    for (const column of ["tenant_id", "client_id", "scopes", "secret_sha256"])
      await expect(pool.query(`update ${schema}.api_key set ${column} = ${column}`)).rejects.toThrow(
        "permission denied",
      );
  });
});
