import { EvtError } from "@evt/core";
import { describe, expect, it, vi } from "vitest";
import type { HealthRoutesOptions } from "../../src/index.js";
import { listen } from "../connection.js";
import { gate } from "../gate.js";
import { apiAt, newEvt } from "../serve.js";
import type { Mount } from "./mount.js";

export function describeHealth(mount: Mount): void {
  async function health(options: HealthRoutesOptions, arrived = () => {}) {
    const listener = await mount.health(options, "/health");
    const port = await listen((req, res) => {
      listener(req, res);
      arrived();
    });
    return apiAt(port, "/health");
  }

  describe("the health routes", () => {
    it("serves /live without using the store", async () => {
      const ping = vi.fn();
      const { status, headers, body } = await (await health({ evt: { ping } })).get("/live");
      expect([status, body]).toEqual([200, { status: "live" }]);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(ping).not.toHaveBeenCalled();
    });

    it("returns 200 for /ready if the store accepts inserts, and 503 after evt was closed", async () => {
      const evt = newEvt();
      const api = await health({ evt });
      expect(await api.get("/ready")).toMatchObject({ status: 200, body: { status: "ready" } });
      await evt.close();
      expect(await api.get("/ready")).toMatchObject({ status: 503, body: { code: "EVT_CLOSED" } });
    });

    it.each([
      [
        "EVT_STORE_UNAVAILABLE",
        new EvtError("EVT_STORE_UNAVAILABLE", "connect ECONNREFUSED db.internal:5432"),
      ],
      ["EVT_INTERNAL", new TypeError("db.internal is not a function")],
    ])(
      "returns 503 %s for /ready without internal details if the store is unavailable",
      async (code, error) => {
        const api = await health({ evt: { ping: () => Promise.reject(error) } });
        const { status, headers, text, body } = await api.get("/ready");
        expect([status, body.code]).toEqual([503, code]);
        expect(headers.get("content-type")).toBe("application/problem+json");
        expect(headers.get("retry-after")).toBe("1");
        expect(text).not.toContain("db.internal");
      },
    );

    it("returns 503 for /ready while draining, without pinging the store, and stays live", async () => {
      let draining = false;
      const ping = vi.fn(async () => undefined);
      const api = await health({ evt: { ping }, draining: () => draining });
      expect((await api.get("/ready")).status).toBe(200);
      draining = true;
      expect(await api.get("/ready")).toMatchObject({ status: 503, body: { code: "EVT_DRAINING" } });
      expect((await api.get("/live")).status).toBe(200);
      expect(ping).toHaveBeenCalledTimes(1);
    });

    it("pings the store once for concurrent probes, and again for the next one", async () => {
      const free = gate();
      const ping = vi.fn(() => free.opened);
      const arrived = vi.fn();
      const api = await health({ evt: { ping } }, arrived);
      const probes = [api.get("/ready"), api.get("/ready")];
      await expect.poll(() => arrived.mock.calls.length).toBe(2);
      free.open();
      expect((await Promise.all(probes)).map(({ status }) => status)).toEqual([200, 200]);
      expect(ping).toHaveBeenCalledTimes(1);
      await api.get("/ready");
      expect(ping).toHaveBeenCalledTimes(2);
    });

    it("passes a signal to the ping, so that it ends even if the store hangs", async () => {
      const ping = vi.fn(async (_: { signal?: AbortSignal } = {}) => undefined);
      await (await health({ evt: { ping } })).get("/ready");
      expect(ping.mock.calls[0]?.[0]?.signal).toBeInstanceOf(AbortSignal);
    });

    it("matches paths case-sensitively and without a slash at the end, as the event routes do", async () => {
      const api = await health({ evt: newEvt() });
      const cased = ["live", "ready"].flatMap((name) =>
        [...name].map((letter, i) => `/${name.slice(0, i)}${letter.toUpperCase()}${name.slice(i + 1)}`),
      );
      const paths = [...cased, "/live/", "/ready/", "/Ready/", "/ready//", "/%72eady", "/ready/x"];
      for (const path of paths) {
        expect((await api.get(path)).status, path).toBe(404);
        expect((await api.get(`${path}?a=/`)).status, path).toBe(404);
      }
      for (const path of ["/live?a=1", "/ready?A=/B/"]) expect((await api.get(path)).status).toBe(200);
    });

    it("returns 405 for other methods", async () => {
      const api = await health({ evt: newEvt() });
      expect((await api.request("POST", "/ready")).status).toBe(405);
      expect((await api.request("DELETE", "/live")).headers.get("allow")).toBe("GET, HEAD");
    });
  });
}
