import { expect, it } from "vitest";
import * as apiKeys from "../src/index.js";
import * as postgres from "../src/postgres/index.js";

it("exports these names and no others", () => {
  expect(Object.keys(apiKeys).sort()).toEqual([
    "MemoryApiKeyStore",
    "createApiKeys",
    "isApiKey",
    "parseApiKey",
  ]);
  expect(Object.keys(postgres).sort()).toEqual(["PostgresApiKeyStore", "migrateApiKeys"]);
});
