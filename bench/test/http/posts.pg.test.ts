import { expect, test } from "vitest";
import { posts, responseBytes } from "../../src/http/posts.js";
import { benchDatabase } from "../bench-database.js";

const END = Date.parse("2026-11-24T12:00:00Z");
const { url } = benchDatabase();
const size = { connections: 4, eventsPerRequest: 1, warmUpRequests: 20, requests: 60, endMs: END };

test.each(["evt", "by hand", "alone"] as const)(
  "the server %s receives and counts all sent events",
  async (kind) => {
    expect(await posts(url, { ...size, kind }, 300)()).toBeGreaterThan(0);
  },
);

test.each(["Fastify", "Hono", "node:http"] as const)("evt on %s counts all sent events", async (host) => {
  expect(await posts(url, { ...size, kind: "evt", host })()).toBeGreaterThan(0);
});

test("a request may have several events", async () => {
  expect(await posts(url, { ...size, kind: "evt", eventsPerRequest: 20 })()).toBeGreaterThan(0);
});

test("the other servers' responses have as many bytes as evt's", async () => {
  expect(await responseBytes(url, END)).toBeGreaterThan(100);
});
