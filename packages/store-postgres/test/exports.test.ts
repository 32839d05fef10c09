import * as exported from "@evt/store-postgres";
import { expect, it } from "vitest";

it("exports these values, and no others", () => {
  expect(Object.keys(exported).sort()).toEqual([
    "PostgresStore",
    "checkDurability",
    "createOutbox",
    "forgetParked",
    "maintain",
    "migrate",
    "migrations",
    "recount",
    "retain",
  ]);
});
