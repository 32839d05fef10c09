import { describe, expect, test } from "vitest";
import { getJson, running } from "../running.js";

const seed = async (headers: Record<string, string>) => {
  const server = await running();
  const { status } = await fetch(`${server.url}/example/seed`, { method: "POST", headers });
  return { status, state: server.seedJob.status().state };
};

describe("POST /example/seed", () => {
  test.each([
    ["a page of another site", { "sec-fetch-site": "cross-site" }, 403],
    ["a page on another port of this machine", { "sec-fetch-site": "same-site" }, 403],
    ["one of a browser without that header", { origin: "http://localhost:1" }, 403],
    ["a form of an old browser", { "content-type": "application/x-www-form-urlencoded" }, 415],
    ["one without anything", {}, 415],
  ])("by %s starts nothing", async (_, headers, status) => {
    expect(await seed(headers)).toEqual({ status, state: "idle" });
  });

  test("a request of the page starts it", async () => {
    expect(await seed({ "sec-fetch-site": "same-origin" })).toEqual({ status: 202, state: "running" });
    expect(await seed({ "content-type": "application/json" })).toEqual({ status: 202, state: "running" });
  });
});

test("GET /example/seed names no folder of this machine", async () => {
  expect(JSON.stringify(await getJson(await running(), "/example/seed"))).not.toContain(process.cwd());
});
