import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { migrations } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";

const FOLDER = fileURLToPath(new URL("../../sql/", import.meta.url));

const FILES = migrations().map(({ version, name, sql }) => ({
  name: `${String(version).padStart(4, "0")}-${name.replaceAll(" ", "-")}.sql`,
  sql: `${sql}\n`,
}));

// `vitest -u` writes the files
describe("the SQL files of the package", () => {
  it.each(FILES.map(({ name, sql }) => [name, sql]))("%s is the SQL of migrations()", async (name, sql) => {
    await expect(sql).toMatchFileSnapshot(`${FOLDER}${name}`);
  });

  it("has one file for each step", () => {
    expect(readdirSync(FOLDER).sort()).toEqual(FILES.map(({ name }) => name));
  });
});
