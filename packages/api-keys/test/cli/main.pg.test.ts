import { describe, expect, it, onTestFinished } from "vitest";
import { postgresUrl } from "../../../../test/setup/postgres-url.js";
import { freshSchema, testPool } from "../../../store-postgres/test/fixture.js";
import { isApiKey } from "../../src/index.js";
import { runEvtKeys } from "../run-evt-keys.js";

const run = (commandLine: string) => runEvtKeys(postgresUrl(), commandLine);

describe("evt-keys", () => {
  it("creates, lists, rotates and revokes keys, and prints each key once", async () => {
    const schema = freshSchema();
    const admin = testPool();
    await admin.query(`create schema ${schema}`);
    onTestFinished(async () => void (await admin.query(`drop schema ${schema} cascade`)));
    const of = `--tenant acme --schema ${schema}`;
    expect(await run(`migrate --schema ${schema}`)).toMatchObject({ code: 0, out: "" });
    expect(await run(`migrate --schema ${schema}`)).toMatchObject({ code: 0 });
    const created = await run(
      `create ${of} --scopes ingest,read --client web --name "the shop" --expires 2999-01-01T00:00:00Z`,
    );
    const key = created.out.trim();
    expect(isApiKey(key)).toBe(true);
    const id = key.slice(4, 20);
    expect(created.note).toBe(
      `created ${id}  scopes ingest,read  client "web"  name "the shop"  expires 2999-01-01T00:00:00.000Z\n`,
    );
    const rotated = await run(`rotate ${of} --id ${id} --expire-old 2998-01-01T00:00:00Z`);
    expect(isApiKey(rotated.out.trim())).toBe(true);
    expect(await run(`rotate ${of} --id ${id}`)).toMatchObject({
      code: 2,
      out: "",
      note: expect.stringContaining("it is already rotated"),
    });
    expect(await run(`revoke ${of} --id ${id}`)).toMatchObject({
      code: 0,
      note: expect.stringContaining("revoked"),
    });
    const list = await run(`list ${of}`);
    expect(list.note).toBe("2 keys\n");
    expect(list.out).toMatch(new RegExp(`^${id}  .*expires 2998-01-01T00:00:00.000Z  revoked `, "m"));
    for (const secret of [key, rotated.out.trim()]) {
      expect(list.out).not.toContain(secret.slice(21));
      expect(created.note + rotated.note).not.toContain(secret.slice(21));
    }
    expect(await run(`revoke --tenant other --schema ${schema} --id ${id}`)).toMatchObject({
      code: 2,
      note: expect.stringContaining(`tenant other has no key ${id}`),
    });
  });

  it("describes a failure of the database without the password", async () => {
    const refused = await runEvtKeys("postgresql://u:s3cret@127.0.0.1:1/d", "list --tenant acme");
    expect(refused).toMatchObject({ code: 1, out: "", note: expect.stringContaining("ECONNREFUSED") });
    expect(refused.note).not.toContain("s3cret");
    expect(await run("list --tenant acme --schema none")).toMatchObject({
      code: 1,
      note: expect.stringContaining('relation "none.api_key" does not exist'),
    });
  });
});
