import { once } from "node:events";
import { connect } from "node:net";
import { EvtError } from "@evt/core";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { dial } from "../connection.js";
import { gatedStore } from "../gated-store.js";
import { overriding } from "../overriding.js";
import { purchase } from "../samples.js";
import { newEvt, serve } from "../serve.js";
import type { Mount, TestRequest } from "./mount.js";

const KIB = 1024;
/** No request ends by a time limit, however slow the machine is. */
const PATIENT = { bodyMs: 600_000, bodyStallMs: 600_000, authenticateMs: 600_000 };

export function describeLimits(mount: Mount): void {
  describe("limits", () => {
    it.each([
      ["members of one object", `{${Array.from({ length: 11 }, (_, i) => `"k${i}":0`).join(",")}}`],
      ["elements of one array", `{"a":[${Array(11).fill(0).join(",")}]}`],
      ["members here and there", `[{},{"a":[1,2,3,4,5],"b":{"c":1,"d":2,"e":3,"f":4,"g":5,"h":6,"i":7}}]`],
    ])("members: an event with too many (%s) is refused, and nothing is stored", async (_, body) => {
      const api = await serve(mount, { limits: { members: 10 } });
      const { status, body: problem } = await api.post(body);
      expect([status, problem.code]).toEqual([413, "EVT_EVENT_TOO_LARGE"]);
      expect(problem.detail).toContain("too many members; the limit is 10");
      expect((await api.get("/events")).body.events).toEqual([]);
    });

    it("members: each event of a batch is counted separately, and strings do not count", async () => {
      const api = await serve(mount, { limits: { members: 5 } });
      const event = { ...purchase, payload: { ...purchase.payload, timestamp: "a,b,c,d,e,f" } };
      expect((await api.post([event, event, event])).status).toBe(422);
    });

    it("events: the events of a batch are counted before it is parsed", async () => {
      const parse = vi.spyOn(JSON, "parse");
      onTestFinished(() => parse.mockRestore());
      const api = await serve(mount, { limits: { events: 10 } });
      const socket = await dial(api.port);
      const text = `[${"{},".repeat(500_000)}{}]`;
      socket.write(
        `POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n`,
      );
      socket.write(text);
      const [reply] = await once(socket, "data");
      expect(String(reply)).toMatch(/^HTTP\/1\.1 413 /);
      expect(String(reply)).toContain("batch has 500001 events; the limit is 10");
      expect(parse).not.toHaveBeenCalled();
    });

    it("requests: more get a 503, and there is room again after a response", async () => {
      const { store, open } = gatedStore();
      const api = await serve(mount, { evt: newEvt({ store }), limits: { requests: 1 } });
      const first = api.post(purchase);
      await expect.poll(async () => (await api.get("/events")).status).toBe(503);
      const refused = await api.get("/aggregation");
      expect([refused.body.code, refused.headers.get("retry-after")]).toEqual(["EVT_OVERLOADED", "1"]);
      open();
      expect((await first).status).toBe(200);
      await expect.poll(async () => (await api.get("/events")).status).toBe(200);
    });

    it("bytesAtOnce: a body that does not fit gets a 503, small bodies always fit, and a finished or aborted request makes room", async () => {
      const api = await serve(mount, { limits: { ...PATIENT, bytesAtOnce: 200 * KIB } });
      const big = JSON.stringify({ ...purchase, note: "x".repeat(150 * KIB) });
      const slow = await dial(api.port);
      slow.write(
        `POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${big.length}\r\n\r\n`,
      );
      slow.write(big.slice(0, -1));
      await expect.poll(async () => (await api.post(big)).body).toMatchObject({ code: "EVT_OVERLOADED" });
      expect((await api.post(purchase)).status).toBe(200);
      slow.destroy();
      await expect.poll(async () => (await api.post(big)).status).toBe(200);
      for (let i = 0; i < 5; i++) expect((await api.post(big)).status).toBe(200);
    });

    it("bodyMs: a body that does not arrive gets a 408, and its connection is closed", async () => {
      const api = await serve(mount, { limits: { bodyMs: 30 } });
      const socket = await dial(api.port);
      socket.write(
        "POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
      );
      const [reply] = await once(socket, "data");
      expect(String(reply)).toMatch(/^HTTP\/1\.1 408 /);
      expect(String(reply)).toContain('"code":"EVT_BODY_TOO_SLOW"');
      socket.resume();
      await once(socket, "close");
      // a request without a body, because 30 ms may be too short for a body on a busy machine
      expect((await api.get("/events")).status).toBe(200);
    });

    it("bodyStallMs: a body that stalls near its end gets a 408", async () => {
      const api = await serve(mount, { limits: { bodyStallMs: 50 } });
      const socket = await dial(api.port);
      const body = JSON.stringify({ ...purchase, note: "x".repeat(4_000 * KIB) });
      socket.write(
        `POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
      );
      socket.write(body.slice(0, -1));
      const [reply] = await once(socket, "data");
      expect(String(reply)).toMatch(/^HTTP\/1\.1 408 /);
      expect(String(reply)).toContain(
        "body was sent at less than 16384 bytes per second for 50 ms; nothing was stored: send the request again",
      );
    });

    it("bytesPerSecond: a body sent byte by byte gets a 408 long before bodyMs", async () => {
      const api = await serve(mount, { limits: { bodyStallMs: 100, bodyMs: 60_000 } });
      const socket = await dial(api.port);
      socket.write(
        "POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n",
      );
      const drip = setInterval(() => socket.write(" "), 10);
      const [reply] = await once(socket, "data");
      clearInterval(drip);
      expect(String(reply)).toMatch(/^HTTP\/1\.1 408 /);
    });

    it("bytesAtOnce: a tenant has a share, and leaves room for another tenant", async () => {
      const authenticate = (req: TestRequest) => ({ tenantId: req.get("X-Tenant") ?? "a" });
      const api = await serve(mount, { authenticate, limits: { ...PATIENT, bytesAtOnce: 1_000 * KIB } });
      const body = JSON.stringify({ ...purchase, note: "x".repeat(300 * KIB) });
      for (let i = 0; i < 5; i++) {
        const slow = await dial(api.port);
        slow.write(
          `POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
        );
        slow.write(body.slice(0, -1));
      }
      await expect
        .poll(async () => (await api.post(body)).body)
        .toMatchObject({
          ...{ status: 503, code: "EVT_OVERLOADED" },
          detail: expect.stringContaining(
            "this tenant already uses its share of the memory for request bodies",
          ),
        });
      expect((await api.post(body, { headers: { "X-Tenant": "b" } })).status).toBe(200);
    });

    it("bytesAtOnce: a body whose Content-Length does not fit is refused before it is sent", async () => {
      const api = await serve(mount, { limits: { bytesAtOnce: 1_000 * KIB } });
      const socket = await dial(api.port);
      socket.write(
        `POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${2_000 * KIB}\r\n\r\n`,
      );
      const [reply] = await once(socket, "data");
      expect(String(reply)).toMatch(/^HTTP\/1\.1 503 /);
    });

    it("requests: a tenant has a share, and leaves room for another tenant", async () => {
      const { store, open } = gatedStore();
      const authenticate = (req: TestRequest) => ({ tenantId: req.get("X-Tenant") ?? "a" });
      const api = await serve(mount, { evt: newEvt({ store }), authenticate, limits: { requests: 10 } });
      let refused = 0;
      const posts = Array.from({ length: 10 }, async () => {
        const { status } = await api.post(purchase);
        if (status === 503) refused++;
        return status;
      });
      await expect.poll(() => refused).toBe(5);
      await expect
        .poll(async () => (await api.get("/events")).body)
        .toMatchObject({
          status: 503,
          detail: expect.stringContaining(
            "this tenant already uses its share of the limit of 10 requests in progress",
          ),
        });
      expect((await api.get("/events", { "X-Tenant": "b" })).status).toBe(200);
      open();
      expect((await Promise.all(posts)).filter((status) => status === 200)).toHaveLength(5);
    });

    it("authenticateMs: a hanging authenticate leads to a 503, and its place is free again", async () => {
      const authenticate = (req: TestRequest) =>
        req.get("X-Tenant") === undefined ? new Promise<null>(() => undefined) : { tenantId: "a" };
      const api = await serve(mount, { authenticate, limits: { authenticateMs: 50, requests: 4 } });
      const hanging = await Promise.all(Array.from({ length: 6 }, () => api.get("/events")));
      expect(hanging.map(({ status }) => status)).toEqual(Array(6).fill(503));
      expect(hanging.map(({ body }) => body.code)).toContain("EVT_DEADLINE");
      expect((await api.get("/events", { "X-Tenant": "a" })).status).toBe(200);
    });

    // only on Linux, loopback has more than one address
    it.runIf(process.platform === "linux")(
      "requests: addresses have shares until authenticate returns",
      async () => {
        const authenticate = (req: TestRequest) =>
          req.get("X-Tenant") === undefined ? new Promise<null>(() => undefined) : { tenantId: "a" };
        const api = await serve(mount, { authenticate, limits: { ...PATIENT, requests: 10 } });
        const request = (...lines: string[]) =>
          ["GET /api/events HTTP/1.1", "Host: x", "Connection: close", ...lines, "", ""].join("\r\n");
        const ask = async (localAddress: string, ...lines: string[]) => {
          const socket = connect({ port: api.port, host: "127.0.0.1", localAddress });
          onTestFinished(() => void socket.destroy());
          socket.write(request(...lines));
          return String((await once(socket, "data"))[0]);
        };
        for (let i = 0; i < 5; i++) (await dial(api.port)).write(request());
        await expect
          .poll(() => ask("127.0.0.1", "X-Tenant: a"))
          .toMatch(
            /^HTTP\/1\.1 503 .*this address already uses its share of the limit of 10 requests in progress/s,
          );
        expect(await ask("127.0.0.2", "X-Tenant: a")).toMatch(/^HTTP\/1\.1 200 /);
      },
    );

    it("authenticateMs: a late error of authenticate is ignored", async () => {
      let fail = (_: Error) => {};
      const authenticate = () =>
        new Promise<null>((_, reject) => {
          fail = reject;
        });
      const unhandled = vi.fn();
      process.on("unhandledRejection", unhandled);
      onTestFinished(() => void process.off("unhandledRejection", unhandled));
      const api = await serve(mount, { authenticate, limits: { authenticateMs: 20 } });
      expect((await api.get("/events")).body.code).toBe("EVT_DEADLINE");
      fail(new Error("the keys are gone"));
      await new Promise(setImmediate);
      expect(unhandled).not.toHaveBeenCalled();
    });

    it("queue: an event that would be refused is refused before its body is read; a dry run is not", async () => {
      const evt = newEvt();
      const full = overriding(evt, {
        refusal: () => new EvtError("EVT_OVERLOADED", "20000 events are waiting"),
      });
      const api = await serve(mount, { evt: full });
      const socket = await dial(api.port);
      socket.write(
        "POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n",
      );
      const [reply] = await once(socket, "data");
      expect(String(reply)).toMatch(/^HTTP\/1\.1 503 /);
      expect(String(reply)).toContain('"code":"EVT_OVERLOADED"');
      expect((await api.post(purchase, { query: "?dryRun=true" })).status).toBe(200);
    });

    it("must be positive whole numbers", async () => {
      const names = [
        "bytes",
        "events",
        "depth",
        "members",
        "bodyMs",
        "bodyStallMs",
        "bytesAtOnce",
        "responseMs",
      ];
      for (const name of [
        ...names,
        "responseStallMs",
        "responseBytesAtOnce",
        "bytesPerSecond",
        "requests",
        "authenticateMs",
      ])
        await expect(serve(mount, { limits: { [name]: 0.5 } })).rejects.toThrow(
          `limits.${name} is 0.5; it must be a whole number of at least 1`,
        );
    });
  });
}
