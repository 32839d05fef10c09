import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { compiled } from "../src/compiled.js";

const PROGRAM = new URL("../../../bench/src/latency/single-events.ts", import.meta.url);

test("compiles a program to one JavaScript file that imports the packages", async () => {
  const code = await readFile(await compiled(PROGRAM), "utf8");
  expect(code).toContain('from "@evt/store-postgres"');
  expect(code).not.toMatch(/from "\.\.?\//);
});

test("with the sources, a program does not use the built packages", async () => {
  const code = await readFile(await compiled(PROGRAM, "sources"), "utf8");
  expect(code).not.toMatch(/from "@evt\//);
});

test("compiles a program once", async () => {
  expect(await compiled(PROGRAM)).toBe(await compiled(PROGRAM));
});
