import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { postgresUrl } from "../../../test/setup/postgres-url.js";
import { freshDatabase } from "../../dashboard/test/server/fresh-database.js";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const EVENT = '{"client":"shop","metric":"purchase","amount":"12.50","timestamp":"2026-01-01T12:00:00Z"}';

it("has thirty lines", () => {
  expect(readFileSync(path("../server.ts"), "utf8").trim().split("\n").length).toBeLessThanOrEqual(30);
});

it("replaces the shell that npm starts, so that SIGTERM reaches it", () => {
  const { scripts } = JSON.parse(readFileSync(path("../package.json"), "utf8")) as {
    scripts: { start: string };
  };
  expect(scripts.start).toMatch(/^exec node /);
});

it("counts an event once, refuses a request without the key, and ends on SIGTERM", async () => {
  const env = {
    ...process.env,
    TSX_TSCONFIG_PATH: path("../../../tsconfig.json"),
    DATABASE_URL: await freshDatabase(postgresUrl()),
    API_KEY: "secret",
    PORT: "0",
  };
  const server = spawn(process.execPath, ["--import", "tsx", path("../server.ts")], {
    env,
    cwd: path("../../.."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void server.kill("SIGKILL"));
  const [line] = await once(createInterface(server.stdout), "line");
  const [, port] = /port: (\d+)/.exec(String(line)) ?? [];
  const call = (path: string, key: string, body?: string) =>
    fetch(`http://127.0.0.1:${port}/api${path}`, {
      headers: { "X-Api-Key": key, "Content-Type": "application/json" },
      ...(body !== undefined && { method: "POST", body }),
    });
  const outcomes = [];
  for (const response of [await call("/events", "secret", EVENT), await call("/events", "secret", EVENT)])
    outcomes.push(((await response.json()) as { results: { outcome: string }[] }).results[0]?.outcome);
  expect(outcomes).toEqual(["processed", "duplicate"]);
  expect((await call("/events", "guess", EVENT)).status).toBe(401);
  const totals = await call("/aggregation", "secret");
  expect(await totals.json()).toMatchObject({ rows: [{ count: 1, sum: "12.5" }] });
  server.kill("SIGTERM");
  expect(await once(server, "exit")).toEqual([0, null]);
});
