import * as exported from "@evt/store-postgres";
import { PostgresStore } from "@evt/store-postgres";
import { expect, it } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import { OPERATIONS } from "./operations.js";
import { tryOperations } from "./trials.js";

/**
 * `close`, `keepTotals` and `migrations` do not send a query. The outbox has its own test. `postgres` and `maintainEvery` call the
 * others.
 */
const ELSEWHERE: readonly string[] = [
  "close",
  "keepTotals",
  "migrations",
  "createOutbox",
  "PostgresStore",
  "postgres",
  "maintainEvery",
];

it("the operations include every method of the store and every upkeep function", () => {
  const methods = Object.getOwnPropertyNames(PostgresStore.prototype).filter(
    (name) => name !== "constructor",
  );
  const tried = OPERATIONS.map(({ name }) => name.split(" ")[0]);
  const untried = [...methods, ...Object.keys(exported)].filter(
    (name) => !tried.includes(name) && !ELSEWHERE.includes(name),
  );
  expect(untried).toEqual([]);
});

// `migrate` makes the most calls, so it has its own files, which another worker can run at the same time
tryOperations(
  OPERATIONS.filter(({ name }) => name !== "migrate"),
  depth("sample", "each"),
);
