import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { depth } from "../../../test/setup/depth.js";
import { jsonText, mutatedJson } from "../../core/test/json/json-text.js";
import { purchase } from "../../http/test/samples.js";
import { serve } from "../../http/test/serve.js";
import type { RequestLimits } from "../src/index.js";
import { expressMount } from "./express-mount.js";

/** Checks that there was no defect: `onError` was not called, and no status is a 5xx. */
async function serveUnfailing(options: { limits?: RequestLimits } = {}) {
  const errors: unknown[] = [];
  const api = await serve(expressMount(), { ...options, onError: (error) => errors.push(error) });
  return { api, errors };
}

const event = jsonText.map((extra) => `{"clientId":"a","amount":"1","extra":${extra}}`);

describe("hostile input", () => {
  it("as a body never leads to a 5xx, and the JSON response has a result for each event", async () => {
    const { api, errors } = await serveUnfailing();
    const bodies = fc.oneof(
      mutatedJson,
      jsonText,
      event,
      fc.array(event).map((events) => `[${events.join(",")}]`),
    );
    await fc.assert(
      fc.asyncProperty(bodies, async (sent) => {
        const { status, body } = await api.post(sent);
        expect([200, 207, 400, 422]).toContain(status);
        if (status === 400) {
          expect(body.code).toMatch(/^EVT_BODY_/);
          return;
        }
        const raws: unknown = JSON.parse(sent.replace(/^\ufeff/, ""));
        expect(body.results).toHaveLength(Array.isArray(raws) ? raws.length : 1);
      }),
      { numRuns: depth(75, 300) },
    );
    expect(errors).toEqual([]);
  });

  it("as an event that is counted is returned exactly as sent", async () => {
    const { api } = await serveUnfailing();
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(jsonText, { minLength: 1, maxLength: 5 }), async (extras) => {
        const events = extras.map(
          (extra) => `{"clientId":"a","amount":"1","id": ${extra}, "event_id":"${sent++}"}`,
        );
        const { text } = await api.post(`[${events.join(" ,")}]`);
        for (const event of events) expect(text).toContain(`"raw":${event}}`);
      }),
      { numRuns: depth(50, 200) },
    );
  });

  it("as bytes never leads to a 5xx", async () => {
    const { api, errors } = await serveUnfailing();
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.constantFrom("identity", "gzip", "deflate", "br"),
        async (bytes, encoding) => {
          const { status } = await api.post(bytes, { headers: { "Content-Encoding": encoding } });
          expect([200, 400, 422]).toContain(status);
        },
      ),
      { numRuns: depth(75, 300) },
    );
    expect(errors).toEqual([]);
  });

  it("as headers never leads to a 5xx", async () => {
    const { api, errors } = await serveUnfailing();
    const value = fc.oneof(
      fc.stringMatching(/^[ -~]{0,300}$/),
      fc.string({ unit: "binary-ascii", maxLength: 5 }).map((text) => text.replace(/[^\t -~]/g, "")),
    );
    await fc.assert(
      fc.asyncProperty(value, value, value, async (key, prefer, type) => {
        const headers = {
          "Idempotency-Key": key,
          Prefer: prefer,
          "Content-Type": `application/json${type && `;${type}`}`,
        };
        for (const body of [purchase, [purchase]]) {
          expect([200, 207, 400, 415, 422]).toContain((await api.post(body, { headers })).status);
        }
      }),
      { numRuns: depth(50, 200) },
    );
    expect(errors).toEqual([]);
  });

  it("as a query or a path never leads to a 5xx", async () => {
    const { api, errors } = await serveUnfailing();
    await api.post(purchase);
    const name = fc.constantFrom(
      "clientId",
      "metric",
      "status",
      "startDate",
      "endDate",
      "timeZone",
      "limit",
      "cursor",
      "skip",
      "groupBy",
      "interval",
    );
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "0",
        "1e9",
        "2024-01-01",
        "9999-12-31",
        "0001-01-01",
        "-1",
        "day",
        "both",
        "UTC",
        "processed",
        "constructor",
      ),
    );
    const pairs = fc.array(fc.tuple(name, value), { maxLength: 4 });
    const query = pairs.map((all) =>
      all
        .map((pair) => pair.map((text) => encodeURIComponent(text.toWellFormed?.() ?? "")).join("="))
        .join("&"),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("/events", "/aggregation", "/events/%ff", "/events/.."),
        query,
        async (path, search) => {
          expect((await api.get(`${path}?${search}`)).status).toBeLessThan(500);
        },
      ),
      { numRuns: depth(75, 300) },
    );
    expect(errors).toEqual([]);
  });
});

describe("a request at the edge of the limits", () => {
  it("with a million events is refused with 413", async () => {
    const { api } = await serveUnfailing();
    const { status, body } = await api.post(`[${"1,".repeat(999_999)}1]`);
    expect([status, body.detail]).toEqual([413, "batch has 1000000 events; the limit is 1000"]);
  });

  it("with hundreds of thousands of keys is refused with 413, and counted if the limit allows it", async () => {
    const keys = Array.from({ length: 400_000 }, (_, i) => `"k${i}":0`).join(",");
    const event = `{"clientId":"a","amount":1,${keys}}`;
    const headers = { Prefer: "return=minimal" };
    const { api } = await serveUnfailing();
    expect((await api.post(event, { headers })).body.code).toBe("EVT_EVENT_TOO_LARGE");
    const generous = await serveUnfailing({ limits: { members: 1_000_000 } });
    expect((await generous.api.post(event, { headers })).status).toBe(200);
  });

  it("with a number of 100,000 digits is rejected with a short message", async () => {
    const { api } = await serveUnfailing();
    for (const number of ["9".repeat(100_000), `0.${"0".repeat(100_000)}1`, `1e${"9".repeat(100_000)}`]) {
      const { status, text, body } = await api.post(`{"clientId":"a","amount":${number}}`, {
        headers: { Prefer: "return=minimal" },
      });
      expect(status).toBe(422);
      expect(body.results[0].issues).toMatchObject([{ code: "amount_inexact" }]);
      expect(text.length).toBeLessThan(2_000);
    }
  });

  it("with a long string next to an inexact number preserves both", async () => {
    const { api } = await serveUnfailing();
    const sent = `{"clientId":"a","amount":1,"n":1e400,"text":"${"\\n".repeat(2_000_000)}"}`;
    const { status, text } = await api.post(sent);
    expect(status).toBe(200);
    expect(text).toContain(sent);
  });
});
