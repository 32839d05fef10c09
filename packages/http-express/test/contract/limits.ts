import { once } from "node:events";
import { EvtError } from "@evt/core";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { gatedStore } from "../gate.js";
import { overriding } from "../overriding.js";
import { purchase } from "../samples.js";
import { dial, type Lib, newEvt, serve } from "../serve.js";

const KIB = 1024;

export function describeLimits(lib: Lib): void {
  describe("limits", () => {
    it.each([
      ["members of one object", `{${Array.from({ length: 11 }, (_, i) => `"k${i}":0`).join(",")}}`],
      ["elements of one array", `{"a":[${Array(11).fill(0).join(",")}]}`],
      ["members here and there", `[{},{"a":[1,2,3,4,5],"b":{"c":1,"d":2,"e":3,"f":4,"g":5,"h":6,"i":7}}]`],
    ])("of members: an event with too many (%s) is refused, and nothing is stored", async (_, body) => {
      const api = await serve(lib, { limits: { members: 10 } });
      const { status, body: problem } = await api.post(body);
      expect([status, problem.code]).toEqual([413, "EVT_EVENT_TOO_LARGE"]);
      expect(problem.detail).toContain("more than 10 members");
      expect((await api.get("/events")).body.events).toEqual([]);
    });

    it("of members: each event of a batch has its own, and strings have none", async () => {
      const api = await serve(lib, { limits: { members: 5 } });
      const event = { ...purchase, payload: { ...purchase.payload, timestamp: "a,b,c,d,e,f" } };
      expect((await api.post([event, event, event])).status).toBe(422);
    });

    it("of members: hold for a body that another parser read", async () => {
      const api = await serve(lib, { limits: { members: 10 } }, (app) => app.use(lib.express.json()));
      const { status, body } = await api.post({ a: Array(11).fill(0) });
      expect([status, body.code]).toEqual([413, "EVT_EVENT_TOO_LARGE"]);
    });

    it("of events: the batch is counted before anything is made of it", async () => {
      const parse = vi.spyOn(JSON, "parse");
      onTestFinished(() => parse.mockRestore());
      const api = await serve(lib, { limits: { events: 10 } });
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

    it("of requests under way: those beyond are told to come again, and there is room when one is answered", async () => {
      const { store, open } = gatedStore();
      const api = await serve(lib, { evt: newEvt({ store }), limits: { requests: 1 } });
      const first = api.post(purchase);
      await vi.waitFor(async () => expect((await api.get("/events")).status).toBe(503));
      const refused = await api.get("/aggregation");
      expect([refused.body.code, refused.headers.get("retry-after")]).toEqual(["EVT_OVERLOADED", "1"]);
      open();
      expect((await first).status).toBe(200);
      await vi.waitFor(async () => expect((await api.get("/events")).status).toBe(200));
    });

    it("of bytes at once: what does not fit is told to come again, small bodies always fit, and what is answered or gone makes room", async () => {
      const api = await serve(lib, { limits: { bytesAtOnce: 200 * KIB } });
      const big = JSON.stringify({ ...purchase, note: "x".repeat(150 * KIB) });
      const slow = await dial(api.port);
      slow.write(
        `POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${big.length}\r\n\r\n`,
      );
      slow.write(big.slice(0, -1));
      await vi.waitFor(async () => {
        const { status, body } = await api.post(big);
        expect([status, body.code]).toEqual([503, "EVT_OVERLOADED"]);
      });
      expect((await api.post(purchase)).status).toBe(200);
      slow.destroy();
      await vi.waitFor(async () => expect((await api.post(big)).status).toBe(200));
      for (let i = 0; i < 5; i++) expect((await api.post(big)).status).toBe(200);
    });

    it("of time: a body that does not come is answered 408, and its connection ended", async () => {
      const api = await serve(lib, { limits: { bodyMs: 30 } });
      const socket = await dial(api.port);
      socket.write(
        "POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
      );
      const [reply] = await once(socket, "data");
      expect(String(reply)).toMatch(/^HTTP\/1\.1 408 /);
      expect(String(reply)).toContain('"code":"EVT_BODY_TOO_SLOW"');
      socket.resume();
      await once(socket, "close");
      expect((await api.post(purchase)).status).toBe(200);
    });

    it("of the queue: what would be turned away is, before its body is read; a dry run is answered", async () => {
      const evt = newEvt();
      const full = overriding(evt, {
        refusal: () => new EvtError("EVT_OVERLOADED", "20000 events are waiting"),
      });
      const api = await serve(lib, { evt: full });
      const socket = await dial(api.port);
      socket.write(
        "POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n",
      );
      const [reply] = await once(socket, "data");
      expect(String(reply)).toMatch(/^HTTP\/1\.1 503 /);
      expect(String(reply)).toContain('"code":"EVT_OVERLOADED"');
      expect((await api.post(purchase, { query: "?dryRun=true" })).status).toBe(200);
    });

    it("are positive whole numbers", () => {
      const make = (limits: object) => () =>
        lib.createEventRouter({ evt: newEvt(), authenticate: "open", limits });
      for (const name of ["bytes", "events", "depth", "members", "bodyMs", "bytesAtOnce", "requests"])
        expect(make({ [name]: 0.5 })).toThrow(`limits.${name} is 0.5; it must be a positive whole number`);
    });
  });
}
