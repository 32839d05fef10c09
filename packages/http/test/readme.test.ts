import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { server } from "./readme-example.js";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

it("shows the code that is tested here", () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(read("../README.md")) ?? [];
  expect(`${shown}\nexport { server };\n`).toBe(read("./readme-example.ts"));
});

it("shows a server that serves evt over node:http", async () => {
  onTestFinished(() => void server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { headers: { Connection: "close", "Content-Type": "application/json" }, ...init });
  const event = { clientId: "a", metric: "m", amount: "1", timestamp: "2024-01-01T00:00:00Z" };
  const counted = await send("/api/events", { method: "POST", body: JSON.stringify(event) });
  expect(await counted.json()).toMatchObject({ processed: 1 });
  const totals = await send("/api/aggregation?metric=m");
  expect(await totals.json()).toMatchObject({ rows: [{ count: 1 }] });
  const statuses = [];
  for (const [method, path] of [
    ["DELETE", "/api/events"],
    ["OPTIONS", "/api/events"],
    ["GET", "/health/ready"],
    ["GET", "/api/nowhere"],
    ["GET", "/events"],
  ] as const)
    statuses.push((await send(path, { method })).status);
  expect(statuses).toEqual([405, 204, 200, 404, 404]);
});
