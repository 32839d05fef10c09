import * as memory from "@evt/store-memory";
import { expect, it } from "vitest";

it("@evt/store-memory exports the store and nothing else", () => {
  expect(Object.keys(memory)).toEqual(["MemoryStore"]);
});
