import type { ReplayStore } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { overriding } from "../overriding.js";
import { broken, click, keyed, purchase } from "../samples.js";
import { newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

export function describeCounts(mount: Mount): void {
  describe("GET /events/counts", () => {
    it("returns the number of events by status, with the filters of the other reads", async () => {
      const api = await serve(mount, { simulateFailure: true });
      const none = { processed: 0, rejected: 0, failed: 0, conflict: 0 };
      expect((await api.get("/events/counts")).body).toEqual(none);
      await api.post([purchase, purchase, { ...keyed("k", "1"), unit: "EUR" }, broken, {}]);
      await api.post(keyed("k", "2"));
      await api.post(click, { query: "?simulateFailure=true" });
      const { status, body } = await api.get("/events/counts");
      expect([status, body]).toEqual([200, { processed: 2, rejected: 2, failed: 1, conflict: 1 }]);
      for (const [query, counts] of [
        ["clientId=client_A", { processed: 2, rejected: 1, conflict: 1 }],
        ["metric=click", { failed: 1 }],
        ["unit=EUR", { processed: 1 }],
        ["startDate=2024-01-15&endDate=2024-01-15", { failed: 1 }],
        ["metric=other", {}],
      ] as const)
        expect([query, (await api.get(`/events/counts?${query}`)).body]).toEqual([
          query,
          { ...none, ...counts },
        ]);
      await api.post(click);
      expect((await api.get("/events/counts?metric=click")).body).toEqual({ ...none, processed: 1 });
    });

    it("refuses other parameters by name", async () => {
      const api = await serve(mount);
      for (const [query, parameter] of [
        ["status=failed", "status"],
        ["limit=1", "limit"],
        ["from=soon", "from"],
      ]) {
        const response = await api.get(`/events/counts?${query}`);
        expect([response.status, response.body.parameter]).toEqual([400, parameter]);
      }
    });

    it("returns 422 EVT_TOO_WIDE instead of counts that may be too small", async () => {
      const group = { status: "rejected", reasons: ["amount_missing"], count: 1 } as const;
      const times = {
        firstReceivedAt: "2024-01-01T00:00:00.000Z",
        lastAttemptAt: "2024-01-01T00:00:00.000Z",
      };
      const reasons: ReplayStore["reasons"] = async () =>
        Array.from({ length: 1_000 }, () => ({ ...group, ...times }));
      const store = overriding<ReplayStore>(new MemoryStore(), { reasons });
      const { status, body } = await (await serve(mount, { evt: newEvt({ store }) })).get("/events/counts");
      expect([status, body.code]).toEqual([422, "EVT_TOO_WIDE"]);
    });
  });
}
