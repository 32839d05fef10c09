import { expect, test } from "vitest";
import { answerBytes, posts } from "../../src/http/posts.js";
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

test("several events a request", async () => {
  expect(await posts(url, { ...size, kind: "evt", eventsPerRequest: 20 })()).toBeGreaterThan(0);
});

test("the others answer as much as evt does", async () => {
  expect(await answerBytes(url, END)).toBeGreaterThan(100);
});
