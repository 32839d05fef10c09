import { expect, test } from "vitest";
import { posts, responseBytes } from "../../src/http/posts.js";
import { benchDatabase } from "../bench-database.js";

const END = Date.parse("2026-11-24T12:00:00Z");
const { url } = benchDatabase();
const size = { connections: 4, eventsPerRequest: 1, warmUpRequests: 20, requests: 60, endMs: END };

test.each(["evt", "by hand", "alone"] as const)(
  "%s is posted to, and has counted what was sent",
  async (kind) => {
    expect(await posts(url, { ...size, kind }, 300)()).toBeGreaterThan(0);
  },
);

test("several events in one request", async () => {
  expect(await posts(url, { ...size, kind: "evt", eventsPerRequest: 20 })()).toBeGreaterThan(0);
});

test("the other servers send as many bytes as evt", async () => {
  expect(await responseBytes(url, END)).toBeGreaterThan(100);
});
