import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { compiled } from "@evt/programs";
import pg from "pg";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { postgresUrl } from "../../../test/setup/postgres-url.js";
import { freshSchema } from "../../store-postgres/test/fixture.js";
import { createRateLimits, migrateRateLimits, postgresCounters } from "../src/index.js";

let admin: pg.Pool;
let schema: string;

beforeAll(async () => {
  admin = new pg.Pool({ connectionString: postgresUrl() });
  schema = freshSchema();
  await admin.query(`create schema ${schema}`);
  await Promise.all(Array.from({ length: 5 }, () => migrateRateLimits(admin, { schema })));
});

afterAll(async () => {
  await admin.query(`drop schema ${schema} cascade`);
  await admin.end();
});

const request = (tenantId: string) => ({
  key: `tenant ${tenantId}`,
  tenantId,
  clientId: null,
  sendsEvents: true,
});

/** Starts a process that waits for a line, then sends requests. `admitted` resolves with the number of admitted requests. */
async function countingProcess(requests: number) {
  const program = await compiled(new URL("./count-until-refused.ts", import.meta.url), "sources");
  const child = spawn(process.execPath, [program, postgresUrl(), schema, String(requests)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    start: () => child.stdin.write("\n"),
    admitted: async () => {
      const { value } = await lines.next();
      if (child.exitCode === null) await once(child, "exit");
      return Number(value);
    },
  };
}

it("two processes together admit exactly the quota", async () => {
  const processes = await Promise.all([countingProcess(100), countingProcess(100)]);
  for (const each of processes) each.start();
  const admitted = await Promise.all(processes.map((each) => each.admitted()));
  expect(admitted.reduce((sum, each) => sum + each, 0)).toBe(50);
});

it("a role needs only the documented grants", async () => {
  const role = `${schema}_app`;
  await admin.query(`create role ${role}`);
  await admin.query(`grant usage on schema ${schema} to ${role}`);
  await admin.query(`grant select, insert, update, delete on ${schema}.rate_limit to ${role}`);
  const pool = new pg.Pool({ connectionString: postgresUrl(), options: `-c role=${role}` });
  onTestFinished(async () => {
    await pool.end();
    await admin.query(`drop owned by ${role}`);
    await admin.query(`drop role ${role}`);
  });
  const onError = vi.fn();
  const store = postgresCounters({ pool, schema });
  const limits = createRateLimits({
    requests: { day: 1 },
    events: { day: 5 },
    store,
    storeMs: 60_000,
    onError,
  });
  const admitted = await limits.admit(request("grants"));
  admitted.addProcessed(1);
  admitted.finish({ unavailable: true });
  await expect(limits.admit(request("grants"))).rejects.toMatchObject({ status: 429 });
  expect(onError).not.toHaveBeenCalled();
});

it("requests are counted in Postgres if the host parses bigint as BigInt", async () => {
  const parse = pg.types.getTypeParser(pg.types.builtins.INT8);
  pg.types.setTypeParser(pg.types.builtins.INT8, BigInt);
  const pool = new pg.Pool({ connectionString: postgresUrl() });
  onTestFinished(() => {
    pg.types.setTypeParser(pg.types.builtins.INT8, parse);
    return pool.end();
  });
  const onError = vi.fn();
  const store = postgresCounters({ pool, schema });
  const limits = createRateLimits({ requests: { day: 1 }, store, storeMs: 60_000, onError });
  await limits.admit(request("bigint"));
  await expect(limits.admit(request("bigint"))).rejects.toMatchObject({ status: 429 });
  expect(onError).not.toHaveBeenCalled();
});

it("requests are counted in memory if the table does not exist", async () => {
  const onError = vi.fn();
  const store = postgresCounters({ pool: admin, schema: `${schema}_missing` });
  const limits = createRateLimits({ requests: { day: 1 }, store, storeMs: 60_000, onError });
  await limits.admit(request("missing"));
  await expect(limits.admit(request("missing"))).rejects.toMatchObject({ status: 429 });
  expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: "42P01" }));
});

it.each(["pg_evt", 'x"; drop', ""])("the schema %j is refused", async (name) => {
  expect(() => postgresCounters({ pool: admin, schema: name })).toThrow(/^schema is/);
  await expect(migrateRateLimits(admin, { schema: name })).rejects.toThrow(/^schema is/);
});
