import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { compiled } from "../src/compiled.js";

const PROGRAM = new URL("../../../bench/src/latency/single-events.ts", import.meta.url);

test("a program becomes one file of JavaScript that takes packages as users do", async () => {
  const code = await readFile(await compiled(PROGRAM), "utf8");
  expect(code).toContain('from "@evt/store-postgres"');
  expect(code).not.toMatch(/from "\.\.?\//);
});

test("a program is made once", async () => {
  expect(await compiled(PROGRAM)).toBe(await compiled(PROGRAM));
});
