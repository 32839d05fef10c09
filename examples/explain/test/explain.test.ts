import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const run = (...files: readonly string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", path("../explain.ts"), ...files], {
    encoding: "utf8",
    cwd: path("../../.."),
    env: { ...process.env, TSX_TSCONFIG_PATH: path("../../../tsconfig.json") },
  });

it("the example prints what its mapping reads from the samples, and what it refuses", () => {
  const { status, stdout, stderr } = run(path("../mapping.ts"), path("../samples.ndjson"));
  expect(stderr).toBe("");
  expect(status).toBe(1);
  expect(stdout).toMatch(/^0 +amount +1200\.5 +net$/m);
  expect(stdout).toMatch(/^0 +timestamp +2024-01-15T09:30:00\.000Z +date$/m);
  expect(stdout).toMatch(/^1\.0 +clientId +berlin +shop$/m);
  expect(stdout).toMatch(/^1\.1 +refused +amount_not_a_number +gross: /m);
  expect(stdout).toMatch(/^2 +refused +event_is_envelope +events: /m);
  expect(stdout).toMatch(/4 events in 3 samples, 2 of them refused\n$/);
});

it("the example prints its usage", () => {
  const { status, stderr } = run();
  expect(status).toBe(1);
  expect(stderr).toContain("usage: npx tsx explain.ts <mapping.ts> <samples.json or samples.ndjson>");
});
