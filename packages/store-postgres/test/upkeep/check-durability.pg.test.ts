import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalPostgres } from "@evt/local-postgres";
import { checkDurability, migrate } from "@evt/store-postgres";
import type pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { fixture, testPool } from "../fixture.js";

const settingsOf = async (pool: pg.Pool, schema?: string) =>
  (await checkDurability(pool, schema === undefined ? {} : { schema })).map(({ setting }) => setting);

async function query(connectionString: string, text: string): Promise<string> {
  const pool = testPool({ connectionString });
  const { rows } = await pool.query({ text, rowMode: "array" });
  await pool.end();
  return String(rows[0]?.[0]);
}

describe("checkDurability", () => {
  it("returns no warning for Postgres's defaults", async () => {
    const postgres = await startLocalPostgres();
    onTestFinished(() => postgres.stop());
    const pool = testPool({ connectionString: postgres.url });
    await migrate(pool);
    expect(await checkDurability(pool)).toEqual([]);
    await pool.end();
  });

  it("warns if fsync and full_page_writes are off", async () => {
    const postgres = await startLocalPostgres({ settings: { fsync: "off", full_page_writes: "off" } });
    onTestFinished(() => postgres.stop());
    const pool = testPool({ connectionString: postgres.url });
    expect(await settingsOf(pool)).toEqual(["fsync", "full_page_writes"]);
    await pool.end();
  });

  it("warns about a standby, which does not accept events", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "evt-standby-"));
    const primary = await startLocalPostgres({ dataDir });
    const where = await query(primary.url, "show data_directory");
    await primary.stop();
    await writeFile(join(where, "standby.signal"), "");
    const standby = await startLocalPostgres({ dataDir });
    onTestFinished(async () => {
      await standby.stop();
      await rm(dataDir, { recursive: true });
    });
    const pool = testPool({ connectionString: standby.url });
    expect(await settingsOf(pool)).toEqual(["standby"]);
    await pool.end();
  });

  it("warns if synchronous_commit is off for this pool, regardless of where it was set", async () => {
    const { schema } = await fixture();
    const pool = testPool({ options: "-c synchronous_commit=off" });
    const warnings = await checkDurability(pool, { schema });
    const warning = warnings.find(({ setting }) => setting === "synchronous_commit");
    expect(warning).toMatchObject({
      value: "off",
      message: expect.stringContaining("Set synchronous_commit = on"),
    });
    expect(await settingsOf(testPool(), schema)).not.toContain("synchronous_commit");
  });

  it("warns about settings with which a synchronous standby does not protect events", async () => {
    const postgres = await startLocalPostgres({ settings: { synchronous_standby_names: "absent" } });
    onTestFinished(() => postgres.stop());
    const warningsWith = async (options: string) =>
      checkDurability(testPool({ connectionString: postgres.url, options }));
    expect(await warningsWith("-c synchronous_commit=on")).toEqual([]);
    expect(await warningsWith("-c synchronous_commit=remote_apply")).toEqual([]);
    for (const value of ["off", "local", "remote_write"]) {
      const [warning, ...others] = await warningsWith(`-c synchronous_commit=${value}`);
      expect(others).toEqual([]);
      const message = expect.stringContaining("Set synchronous_commit = on");
      expect(warning).toEqual({ setting: "synchronous_commit", value, message });
    }
    const [warning] = await warningsWith("-c client_min_messages=error");
    expect(warning).toMatchObject({ setting: "client_min_messages", value: "error" });
  });

  it.each(["local", "remote_write"])("accepts synchronous_commit = %s without a standby", async (value) => {
    const { schema } = await fixture();
    const settings = await settingsOf(testPool({ options: `-c synchronous_commit=${value}` }), schema);
    expect(settings).not.toContain("synchronous_commit");
  });

  it("warns about each unlogged table, with the remedy", async () => {
    const { admin, schema } = await fixture();
    await admin.query(`alter table ${schema}.claim set unlogged`);
    const warnings = await checkDurability(admin, { schema });
    const unlogged = warnings.filter(({ setting }) => setting === "unlogged");
    expect(unlogged.map(({ value }) => value)).toEqual(["claim"]);
    const [, remedy = ""] = unlogged[0]?.message.split("Run: ") ?? [];
    await admin.query(remedy);
    expect(await settingsOf(admin, schema)).not.toContain("unlogged");
  });
});
