import { expect, test } from "vitest";
import { preparing } from "../../src/preparing/contest.js";

test("evt prepares every event, and the floor parses and hashes every event", async () => {
  const setting = { url: "", full: false, quick: true, onProgress: () => undefined };
  const { measures } = await preparing.prepare(setting, new Set());
  expect([...measures.keys()]).toEqual(preparing.rows.map(({ name }) => name));
  for (const measure of measures.values()) expect(await measure()).toBeGreaterThan(0);
});
