import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Middleware } from "../../src/index.js";
import { click, purchase } from "../samples.js";
import { serve } from "../serve.js";
import type { Mount, Reader } from "./mount.js";

const exact = '{ "clientId": "a", "amount": "1", "n": 9007199254740993 }';

/** The tests of bodies that the host has read before evt gets the request. */
export function describeReadBodies(mount: Mount): void {
  const behind = (reader: Reader) => serve(mount, {}, { reader });

  describe.each(mount.readers)("a body that the host has read (%s)", (reader) => {
    it("is used", async () => {
      const api = await behind(reader);
      const { status, body } = await api.post([purchase, click]);
      expect(status).toBe(200);
      expect(body.results.map((result: { event: { raw: unknown } }) => result.event.raw)).toEqual([
        purchase,
        click,
      ]);
    });

    it("replaces the event of a replay", async () => {
      const api = await behind(reader);
      const { body } = await api.post({ ...purchase, payload: {} });
      const path = `/events/${body.results[0].event.id}/replay`;
      const init = { headers: { "Content-Type": "application/json" }, body: JSON.stringify(purchase) };
      expect((await api.request("POST", path, init)).body.results).toMatchObject([{ outcome: "processed" }]);
    });

    it("is decompressed only once", async () => {
      const api = await behind(reader);
      const { status } = await api.post(gzipSync(JSON.stringify(purchase)), {
        headers: { "Content-Encoding": "gzip" },
      });
      expect(status).toBe(200);
    });

    it("must keep the limits of events, depth and members", async () => {
      const api = await serve(mount, { limits: { events: 1, depth: 3, members: 10 } }, { reader });
      expect((await api.post([purchase, click])).body.code).toBe("EVT_TOO_MANY_EVENTS");
      expect((await api.post('{"a":[[[1]]]}')).body.code).toBe("EVT_BODY_TOO_DEEP");
      expect((await api.post(`[{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}]`)).body.code).toBe(
        "EVT_BODY_TOO_DEEP",
      );
      const { status, body } = await api.post({ a: Array(11).fill(0) });
      expect([status, body.code]).toEqual([413, "EVT_EVENT_TOO_LARGE"]);
      expect((await api.post('{"clientId":"a","amount":1,"a":[[1]]}')).status).toBe(200);
    });

    it("must have a JSON type", async () => {
      const api = await behind(reader);
      const form = { "Content-Type": "application/x-www-form-urlencoded" };
      expect((await api.post("amount=1&clientId=a", { headers: form })).status).toBe(415);
    });

    if (reader === "json") {
      it("has lost digits: its numbers are rounded", async () => {
        expect((await (await behind(reader)).post(exact)).text).toContain("9007199254740992");
      });
    } else {
      it("is parsed by evt, and stored as sent", async () => {
        const api = await behind(reader);
        expect((await api.post(exact)).text).toContain(`"raw":${exact}`);
        if (reader !== "rawBody") expect((await api.post("{")).body.code).toBe("EVT_BODY_NOT_JSON");
      });
    }
  });

  it("a body that the host has not read is read, even if the host has left {}", async () => {
    const before: Middleware = (req, _res, next) => {
      Object.assign(req, { body: {} });
      next();
    };
    const api = await serve(mount, {}, { before });
    expect((await api.post(purchase)).body.results[0].event.raw).toEqual(purchase);
  });

  it("a body that the host has read and not kept is refused with 400", async () => {
    const before: Middleware = (req, _res, next) => void req.resume().once("end", next);
    const api = await serve(mount, {}, { before });
    expect((await api.post(purchase)).body.code).toBe("EVT_BODY_EMPTY");
  });
}
