import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { StartError } from "../../server/settings.js";
import { startServer } from "../../server/start-server.js";
import { getJson, post, purchase, running } from "./running.js";

describe("startServer", () => {
  test("the API is at /api, and counts events", async () => {
    const server = await running();
    const response = await post(`${server.url}/api/events`, purchase);
    expect(response.status).toBe(200);
    expect(await getJson(server, "/api/aggregation")).toMatchObject({ rows: [{ count: 1, sum: "1200" }] });
  });

  test("failures can be simulated", async () => {
    const server = await running();
    const response = await post(`${server.url}/api/events?simulateFailure=true`, purchase);
    expect(response.status).toBe(503);
    expect(await getJson(server, "/api/events?status=failed")).toMatchObject({
      events: [{ status: "failed" }],
    });
  });

  test("health is at /health", async () => {
    const server = await running();
    expect(await getJson(server, "/health/live")).toEqual({ status: "live" });
    expect(await getJson(server, "/health/ready")).toEqual({ status: "ready" });
  });

  test("every response has a content security policy without inline scripts", async () => {
    const server = await running();
    const policy = (await fetch(`${server.url}/health/live`)).headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
  });

  test("a port in use is reported with its number, before a store is opened", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const store = { kind: "postgres", url: "postgresql://127.0.0.1:1/none" } as const;
    await expect(startServer({ host: "127.0.0.1", port, store })).rejects.toThrow(
      new StartError(
        `port ${port} on 127.0.0.1 is in use; stop the program that listens there, or set PORT to another port`,
      ),
    );
  });

  test("an unreachable database is reported with its host, without the password", async () => {
    const store = { kind: "postgres", url: "postgresql://me:secret@127.0.0.1:1/mine" } as const;
    const starting = startServer({ host: "127.0.0.1", port: 0, store });
    await expect(starting).rejects.toThrow(
      /^the database mine at 127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/,
    );
    await expect(starting).rejects.not.toThrow(/secret/);
  });
});
