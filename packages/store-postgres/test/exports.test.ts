import * as exported from "@evt/store-postgres";
import { expect, it } from "vitest";

it("exports only these values", () => {
  expect(Object.keys(exported).sort()).toEqual([
    "PostgresStore",
    "checkDurability",
    "createOutbox",
    "forgetParked",
    "maintain",
    "maintainEvery",
    "migrate",
    "migrations",
    "postgres",
    "recount",
    "retain",
  ]);
});
