import { EvtError } from "@evt/core";
import { describe, expect, it, vi } from "vitest";
import { listen } from "../../../http/test/connection.js";
import { gate } from "../../../http/test/gate.js";
import { apiAt, type Lib, newEvt } from "../serve.js";

export function describeHealth(lib: Lib): void {
  async function health(options: Parameters<Lib["createHealthRouter"]>[0], arrived = () => {}) {
    const app = lib.express();
    app.use((_req, _res, next) => {
      next();
      arrived();
    });
    app.use("/health", lib.createHealthRouter(options));
    return apiAt(await listen(app), "/health");
  }

  describe("createHealthRouter", () => {
    it("answers /live without touching anything", async () => {
      const ping = vi.fn();
      const { status, headers, body } = await (await health({ evt: { ping } })).get("/live");
      expect([status, body]).toEqual([200, { status: "live" }]);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(ping).not.toHaveBeenCalled();
    });

    it("answers /ready 200 where the store can take an insert, and 503 once evt was closed", async () => {
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
      "answers /ready 503 %s without a word of the inside where the store does not answer",
      async (code, error) => {
        const api = await health({ evt: { ping: () => Promise.reject(error) } });
        const { status, headers, text, body } = await api.get("/ready");
        expect([status, body.code]).toEqual([503, code]);
        expect(headers.get("content-type")).toBe("application/problem+json");
        expect(headers.get("retry-after")).toBe("1");
        expect(text).not.toContain("db.internal");
      },
    );

    it("answers /ready 503 while draining, without asking the store, and stays live", async () => {
      let draining = false;
      const ping = vi.fn(async () => undefined);
      const api = await health({ evt: { ping }, draining: () => draining });
      expect((await api.get("/ready")).status).toBe(200);
      draining = true;
      expect(await api.get("/ready")).toMatchObject({ status: 503, body: { code: "EVT_DRAINING" } });
      expect((await api.get("/live")).status).toBe(200);
      expect(ping).toHaveBeenCalledTimes(1);
    });

    it("asks the store once for probes that come together, and again for the next", async () => {
      const free = gate();
      const ping = vi.fn(() => free.opened);
      const arrived = vi.fn();
      const api = await health({ evt: { ping } }, arrived);
      const probes = [api.get("/ready"), api.get("/ready")];
      await vi.waitUntil(() => arrived.mock.calls.length === 2);
      free.open();
      expect((await Promise.all(probes)).map(({ status }) => status)).toEqual([200, 200]);
      expect(ping).toHaveBeenCalledTimes(1);
      await api.get("/ready");
      expect(ping).toHaveBeenCalledTimes(2);
    });

    it("gives the ping a signal, so that a hanging store is not asked for ever", async () => {
      const ping = vi.fn(async (_: { signal?: AbortSignal } = {}) => undefined);
      await (await health({ evt: { ping } })).get("/ready");
      expect(ping.mock.calls[0]?.[0]?.signal).toBeInstanceOf(AbortSignal);
    });

    it("answers other methods 405", async () => {
      const api = await health({ evt: newEvt() });
      expect((await api.request("POST", "/ready")).status).toBe(405);
      expect((await api.request("DELETE", "/live")).headers.get("allow")).toBe("GET, HEAD");
    });
  });
}
