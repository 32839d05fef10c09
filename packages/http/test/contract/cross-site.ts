import { describe, expect, it } from "vitest";
import { replyTo } from "../connection.js";
import { broken, purchase } from "../samples.js";
import { apiAt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

const POSTS = ["/events", "/events/replay", `/events/${"0".repeat(64)}/replay`];

async function post(port: number, path: string, headers: readonly string[], body = "") {
  const lines = [
    `POST ${path} HTTP/1.1`,
    ...(headers.some((line) => /^host:/i.test(line)) ? [] : ["Host: evt.example:3000"]),
    "Connection: close",
    `Content-Length: ${body.length}`,
    ...headers,
  ];
  const reply = await replyTo(port, `${lines.join("\r\n")}\r\n\r\n${body}`);
  const json = reply.slice(reply.indexOf("\r\n\r\n") + 4);
  return { status: Number(reply.slice(9, 12)), body: json === "" ? undefined : JSON.parse(json) };
}

const JSON_TYPE = "Content-Type: application/json";

export function describeCrossSite(mount: Mount): void {
  describe("a page of another site", () => {
    it.each([
      ["a form", ["Origin: https://evil.example", "Content-Type: application/x-www-form-urlencoded"]],
      ["fetch without a body", ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site"]],
      ["a sandboxed frame", ["Origin: null"]],
      [
        "another port of this machine",
        ["Origin: http://evt.example:8080", "Sec-Fetch-Site: same-site", JSON_TYPE],
      ],
      ["another port, of an older browser", ["Origin: http://evt.example:8080", JSON_TYPE]],
      ["fetch with JSON that a host's CORS lets through", ["Origin: https://evil.example", JSON_TYPE]],
      ["a browser that hides the origin", ["Sec-Fetch-Site: cross-site", JSON_TYPE]],
      ["one that says a word of its own", ["Sec-Fetch-Site: elsewhere", JSON_TYPE]],
      ["an origin that has ours in it", ["Origin: https://evt.example:3000.evil.example", JSON_TYPE]],
      ["an origin without a host", ["Origin: file://", JSON_TYPE, "Host: "]],
    ])("changes nothing on any route: %s", async (_, headers) => {
      const { port, get } = await serve(mount);
      await apiAt(port, "/api").post(broken);
      for (const path of POSTS) {
        const { status, body } = await post(port, `/api${path}`, headers);
        expect([path, status, body.code]).toEqual([path, 403, "EVT_CROSS_SITE"]);
      }
      expect((await get("/events")).body.events).toMatchObject([{ attempts: 1 }]);
    });

    it.each([
      ["a form without a body", []],
      ["a form of an old browser", ["Content-Type: application/x-www-form-urlencoded"]],
      ["plain text", ["Content-Type: text/plain"]],
      ["a form of this site", ["Origin: http://evt.example:3000", "Content-Type: text/plain"]],
      ["a form with a header", ["X-Requested-With: x", "Content-Type: text/plain"]],
    ])("cannot pass for another client: %s leads to a 415 on every route", async (_, headers) => {
      const { port } = await serve(mount);
      for (const path of POSTS) {
        const { status, body } = await post(port, `/api${path}`, headers);
        expect([path, status, body.code]).toEqual([path, 415, "EVT_UNSUPPORTED_MEDIA_TYPE"]);
      }
    });

    it("gets a 403 that names the header", async () => {
      const { port } = await serve(mount);
      const detail = async (...headers: string[]) =>
        (await post(port, "/api/events/replay", headers)).body.detail;
      const rule = "pages of other sites may not change anything here unless the server allows their origin";
      expect(await detail("Sec-Fetch-Site: cross-site")).toBe(`Sec-Fetch-Site is "cross-site": ${rule}`);
      expect(await detail("Origin: https://evil.example")).toBe(
        `Origin is "https://evil.example" and Host is "evt.example:3000": ${rule}`,
      );
      expect(await detail()).toBe("Content-Type is missing; send application/json in UTF-8");
    });

    it("is refused before authenticate is called", async () => {
      const { port } = await serve(mount, { authenticate: () => null });
      expect((await post(port, "/api/events/replay", ["Sec-Fetch-Site: cross-site"])).status).toBe(403);
    });
  });

  describe("a request that no page of another site caused", () => {
    it.each([
      ["a page of this site", ["Origin: http://evt.example:3000", "Sec-Fetch-Site: same-origin"]],
      [
        "one behind a proxy that changes Host",
        ["Origin: https://app.example", "Sec-Fetch-Site: same-origin"],
      ],
      ["a person", ["Sec-Fetch-Site: none"]],
      ["a page of this site, of an older browser", ["Origin: http://evt.example:3000"]],
      ["one whose Host names the default port", ["Origin: http://evt.example", "Host: EVT.example:80"]],
      ["another client with a type", [JSON_TYPE]],
      ["another client with a type of JSON", ["Content-Type: application/cloudevents+json"]],
      ["another client with a header", ["X-Requested-With: curl"]],
    ])("may replay without a body: %s", async (_, headers) => {
      const { port } = await serve(mount);
      expect((await post(port, "/api/events/replay?all=true", headers)).status).toBe(200);
    });

    it("may read without any of these headers", async () => {
      expect((await (await serve(mount)).get("/events", { Origin: "https://evil.example" })).status).toBe(
        200,
      );
    });

    it("may come from an origin that the host allows", async () => {
      const { port } = await serve(mount, { allowedOrigins: ["https://app.example"] });
      const from = (origin: string) => [`Origin: ${origin}`, "Sec-Fetch-Site: cross-site", JSON_TYPE];
      expect(
        (await post(port, "/api/events", from("https://app.example"), JSON.stringify(purchase))).status,
      ).toBe(200);
      for (const other of [
        "https://app.example.evil.example",
        "http://app.example",
        "https://app.example:444",
      ])
        expect((await post(port, "/api/events", from(other))).status).toBe(403);
    });

    it("is allowed by origin; any other value is a TypeError", async () => {
      for (const origin of ["app.example", "https://app.example/", "*", "null", 7])
        await expect(serve(mount, { allowedOrigins: [origin as string] })).rejects.toThrow(
          /allowedOrigins has .*give origins such as "https:\/\/app\.example\.com"/,
        );
    });
  });

  describe("a single-valued header", () => {
    it.each(["Idempotency-Key", "Content-Type", "Content-Encoding", "Origin", "Sec-Fetch-Site"])(
      "%s is refused if it is sent twice",
      async (name) => {
        const { port } = await serve(mount);
        const values: Record<string, readonly [string, string]> = {
          "Idempotency-Key": ['"a', 'b"'],
          "Content-Type": ["application/json", "text/plain"],
        };
        const [first, second] = values[name] ?? ["", "x"];
        const headers = [`${name}: ${first}`, `${name.toLowerCase()}: ${second}`];
        const type = name === "Content-Type" ? [] : [JSON_TYPE];
        const { status, body } = await post(
          port,
          "/api/events",
          [...type, ...headers],
          JSON.stringify(purchase),
        );
        expect([status, body.code]).toEqual([400, "EVT_INVALID_HEADER"]);
        expect(body.detail).toMatch(new RegExp(`^${name} is sent more than once`, "i"));
      },
    );

    it("is not Prefer", async () => {
      const { port } = await serve(mount);
      const headers = [JSON_TYPE, "Prefer: wait=1", "Prefer: return=minimal"];
      const { body } = await post(port, "/api/events", headers, JSON.stringify(purchase));
      expect(body.results[0]).not.toHaveProperty("event");
    });
  });

  describe("a path", () => {
    it.each([
      "/EVENTS",
      "/Events/reasons",
      "/events/",
      "/events/replay/",
      "/events/REPLAY/",
      "/AGGREGATION",
      "/aggregation/",
      "/events/x/Replay",
      "/events/x/history/",
      "/events/x/y/z",
    ])("%s does not exist: a 404 problem", async (path) => {
      const { request } = await serve(mount);
      for (const method of ["GET", "POST"]) {
        const { status, body } = await request(method, path, {
          headers: { "Content-Type": "application/json" },
        });
        expect([method, status, body.code]).toEqual([method, 404, "EVT_NOT_FOUND"]);
      }
    });

    it.each(["/events/REPLAY", "/events/%72eplay", "/events/replay%2F"])(
      "%s does not replay",
      async (path) => {
        const { request } = await serve(mount);
        const { status } = await request("POST", path, { headers: { "Content-Type": "application/json" } });
        expect(status).toBe(405);
      },
    );
  });
}
