import { expect, it } from "vitest";
import * as rateLimits from "../src/index.js";

it("exports these names and no others", () => {
  expect(Object.keys(rateLimits).sort()).toEqual([
    "addressBehindProxies",
    "createRateLimits",
    "memoryCounters",
    "migrateRateLimits",
    "postgresCounters",
  ]);
});
