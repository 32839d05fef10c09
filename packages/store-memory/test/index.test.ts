import * as memory from "@evt/store-memory";
import { expect, it } from "vitest";

it("@evt/store-memory exports only the store", () => {
  expect(Object.keys(memory)).toEqual(["MemoryStore"]);
});
