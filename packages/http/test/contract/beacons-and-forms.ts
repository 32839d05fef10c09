import { describe, expect, it } from "vitest";
import { keyed } from "../samples.js";
import { serve } from "../serve.js";
import type { Mount } from "./mount.js";

const PLAIN = { "Content-Type": "text/plain;charset=UTF-8" };
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };
const OWN = { "Sec-Fetch-Site": "same-origin" };
const OTHER = { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" };

export function describeBeaconsAndForms(mount: Mount): void {
  describe("a body of text/plain, if it is accepted", () => {
    it("counts as JSON, from a page of this site or of an allowed origin", async () => {
      const api = await serve(mount, {
        acceptedTypes: ["text/plain"],
        allowedOrigins: ["https://app.example"],
      });
      const allowed = { "Sec-Fetch-Site": "cross-site", Origin: "https://app.example" };
      const from: readonly Record<string, string>[] = [
        OWN,
        allowed,
        { Origin: `http://127.0.0.1:${api.port}` },
        { "X-Requested-With": "x" },
      ];
      for (const [i, headers] of from.entries()) {
        const { status, body } = await api.post(keyed(`k${i}`, "1"), { headers: { ...PLAIN, ...headers } });
        expect([headers, status, body.processed]).toEqual([headers, 200, 1]);
      }
      expect((await api.post([keyed("k0", "1")], { headers: { ...PLAIN, ...OWN } })).body.duplicates).toBe(1);
      expect((await api.post("{", { headers: { ...PLAIN, ...OWN } })).body.code).toBe("EVT_BODY_NOT_JSON");
    });

    it("stays refused from a page of another site, and from a request that may come from one", async () => {
      const api = await serve(mount, { acceptedTypes: ["text/plain"] });
      expect((await api.post(keyed("k", "1"), { headers: { ...PLAIN, ...OTHER } })).status).toBe(403);
      expect((await api.post(keyed("k", "1"), { headers: PLAIN })).status).toBe(415);
      expect((await api.post(keyed("k", "1"), { headers: { ...FORM, ...OWN } })).status).toBe(415);
      const latin1 = { "Content-Type": "text/plain;charset=latin1", ...OWN };
      expect((await api.post(keyed("k", "1"), { headers: latin1 })).status).toBe(415);
      const binary = {
        ...PLAIN,
        ...OWN,
        "ce-specversion": "1.0",
        "ce-id": "1",
        "ce-source": "s",
        "ce-type": "t",
      };
      expect((await api.post(keyed("k", "1"), { headers: binary })).status).toBe(415);
      expect((await api.get("/events")).body.events).toEqual([]);
    });

    it("is accepted by POST /events only", async () => {
      const api = await serve(mount, { acceptedTypes: ["text/plain", "application/x-www-form-urlencoded"] });
      for (const headers of [PLAIN, FORM])
        for (const path of ["/events/replay?all=true", `/events/${"0".repeat(64)}/replay`])
          expect((await api.request("POST", path, { headers: { ...headers, ...OWN } })).status).toBe(415);
    });
  });

  describe("a form, if it is accepted", () => {
    const acceptedTypes = ["application/x-www-form-urlencoded"] as const;
    const send = async (form: string, headers: Record<string, string> = {}) =>
      (await serve(mount, { acceptedTypes })).post(form, { headers: { ...FORM, ...headers } });

    it("is one event whose values are strings", async () => {
      const { status, body } = await send(
        "clientId=client+A&metric=%C3%BC%2B&amount=1200&&x=a=b&y&__proto__=z&1=%",
      );
      expect([status, body.processed]).toEqual([200, 1]);
      const [{ event }] = body.results;
      expect(event).toMatchObject({ clientId: "client A", metric: "ü+", amount: "1200" });
      expect(Object.entries(event.raw)).toEqual(
        expect.arrayContaining([
          ["x", "a=b"],
          ["y", ""],
          ["1", "%"],
          ["__proto__", "z"],
        ]),
      );
    });

    it.each([
      ["a=1&%61=2", "EVT_INVALID_BODY"],
      ["a=%ff", "EVT_BODY_NOT_UTF8"],
      ["&&", "EVT_BODY_EMPTY"],
    ])("%s leads to a 400", async (form, code) => {
      const { status, body } = await send(form);
      expect([status, body.code]).toEqual([400, code]);
    });

    it("stays refused from a page of another site", async () => {
      expect((await send("clientId=c&metric=m&amount=1", OTHER)).status).toBe(403);
      expect((await send("clientId=c&metric=m&amount=1", { Origin: "null" })).status).toBe(403);
      expect((await send("clientId=c&metric=m&amount=1", OWN)).status).toBe(200);
    });
  });
}
