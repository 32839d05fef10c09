import { gzipSync } from "node:zlib";
import { EvtError, type Store } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it, vi } from "vitest";
import { dial } from "../connection.js";
import { overriding } from "../overriding.js";
import { broken, keyed } from "../samples.js";
import { type Api, newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

const NDJSON = { "Content-Type": "application/x-ndjson" };

function lines(...values: readonly unknown[]): string {
  return values.map((value) => `${typeof value === "string" ? value : JSON.stringify(value)}\n`).join("");
}

function manyKeyed(count: number, from = 0): readonly unknown[] {
  return Array.from({ length: count }, (_, i) => keyed(`k${from + i}`, "1"));
}

async function send(api: Api, body: string | Uint8Array, headers: Record<string, string> = {}) {
  const response = await api.post(body, { headers: { ...NDJSON, ...headers } });
  const type = response.headers.get("content-type");
  const results =
    type === "application/x-ndjson"
      ? response.text
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line))
      : [];
  return { ...response, type, summary: results.at(-1), results: results.slice(0, -1) };
}

/** A store that fails each insert after the first `inserts`. */
function failingAfter(inserts: number): Store {
  const store = new MemoryStore();
  let left = inserts;
  return overriding(store, {
    insert: (records, signal) =>
      left-- > 0
        ? store.insert(records, signal)
        : Promise.reject(new EvtError("EVT_STORE_UNAVAILABLE", "down")),
  });
}

/** Opens a request whose body is sent in chunks, on a bare connection. */
async function openStream(port: number) {
  const socket = await dial(port);
  let received = "";
  let look: () => void = () => undefined;
  socket.setEncoding("utf8").on("data", (text) => {
    received += text;
    look();
  });
  socket.write(
    "POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n",
  );
  return {
    write: (text: string) => void socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`),
    end: () => void socket.write("0\r\n\r\n"),
    disconnect: () => void socket.destroy(),
    receives: (text: string) =>
      new Promise<void>((resolve) => {
        look = () => received.includes(text) && resolve();
        look();
      }),
  };
}

export function describeNdjson(mount: Mount): void {
  describe("POST /events with NDJSON", () => {
    it.each(["application/x-ndjson", "application/jsonl; charset=utf-8"])(
      "returns a result for each line, and a summary: %s",
      async (type) => {
        const api = await serve(mount);
        const body = lines(keyed("a", "1"), keyed("a", "1"), broken, keyed("a", "2"));
        const { status, type: sent, results, summary } = await send(api, body, { "Content-Type": type });
        expect([status, sent]).toEqual([200, "application/x-ndjson"]);
        expect(results).toMatchObject([
          { line: 1, outcome: "processed", isDuplicate: false, identifiedBy: "key" },
          { line: 2, outcome: "duplicate", isDuplicate: true },
          { line: 3, outcome: "rejected", issues: [{ code: "amount_not_a_number" }] },
          { line: 4, outcome: "conflict" },
        ]);
        expect(summary).toEqual({
          ...{
            summary: true,
            success: false,
            processed: 1,
            duplicates: 1,
            conflicts: 1,
            rejected: 1,
            failed: 0,
          },
          ...{ refused: 0, possibleTwins: 0, resendFrom: null, error: null },
        });
        expect((await api.get("/aggregation")).body.rows[0].sum).toBe("1");
      },
    );

    it("refuses only the lines that are not JSON", async () => {
      const api = await serve(mount, { limits: { depth: 3, bytes: 300 } });
      const body = lines(
        ...[keyed("a", "1"), '{"a":', "", " \t\r", "[[[[1]]]]", `"${"x".repeat(400)}"`],
        ...['{"a":1}{"b":2}', `${JSON.stringify(keyed("b", "2"))}\r`],
      );
      const { results, summary } = await send(api, body.trimEnd());
      expect(results).toMatchObject([
        { line: 1, outcome: "processed" },
        { line: 2, outcome: "refused", error: { code: "EVT_BODY_NOT_JSON" } },
        { line: 5, outcome: "refused", error: { code: "EVT_BODY_TOO_DEEP" } },
        {
          line: 6,
          outcome: "refused",
          error: { code: "EVT_BODY_TOO_LARGE", message: "line has more than 300 bytes" },
        },
        { line: 7, outcome: "refused", error: { code: "EVT_BODY_NOT_JSON" } },
        { line: 8, outcome: "processed" },
      ]);
      expect(results[1].error.message).toMatch(/^line is not JSON: .*, at column 6$/);
      expect(summary).toMatchObject({ success: false, processed: 2, refused: 4, resendFrom: null });
    });

    it("refuses only the lines that are not UTF-8", async () => {
      const api = await serve(mount);
      const body = Buffer.concat([
        Buffer.from('{"a":"\xff"}\n', "latin1"),
        Buffer.from(lines(keyed("a", "1"))),
      ]);
      const { results } = await send(api, body);
      expect(results).toMatchObject([
        { line: 1, outcome: "refused", error: { code: "EVT_BODY_NOT_UTF8" } },
        { line: 2, outcome: "processed" },
      ]);
    });

    it("stores the raw event and its digits exactly as sent", async () => {
      const api = await serve(mount);
      const source = '{"clientId": "c", "metric":"m","amount":9007199254740993, "amount2":1.0}';
      const { results } = await send(api, `${source}\n`);
      expect(results).toMatchObject([{ outcome: "rejected", issues: [{ code: "amount_inexact" }] }]);
      expect((await api.get(`/events/${results[0].id}`)).text).toContain(source);
    });

    it("counts more lines than a body of JSON may have, and each only once", async () => {
      const api = await serve(mount, { limits: { events: 10 } });
      const body = lines(...manyKeyed(1_201));
      const first = await send(api, body);
      expect(first.results.map(({ line }) => line)).toEqual(Array.from({ length: 1_201 }, (_, i) => i + 1));
      expect(first.summary).toMatchObject({ success: true, processed: 1_201 });
      const second = await send(api, gzipSync(body), { "Content-Encoding": "gzip" });
      expect(second.summary).toMatchObject({ success: true, processed: 0, duplicates: 1_201 });
    });

    it("stops at a failure, and names the line to resend from", async () => {
      const onError = vi.fn();
      const evt = newEvt({ store: failingAfter(1), retry: { attempts: 1 } });
      const api = await serve(mount, { evt, onError });
      const { status, summary } = await send(api, lines(...manyKeyed(2_500)));
      expect(status).toBe(200);
      expect(summary).toMatchObject({ success: false, processed: 500, resendFrom: 501 });
      expect(summary.error.code).toBe("EVT_STORE_UNAVAILABLE");
      expect(summary.failed).toBeLessThanOrEqual(1_000);
      expect(onError).toHaveBeenCalledOnce();
    });

    it("gets a 503 if already its first lines fail", async () => {
      const evt = newEvt({ store: failingAfter(0), retry: { attempts: 1 } });
      const api = await serve(mount, { evt, onError: () => undefined });
      const { status, body, headers } = await send(api, lines(...manyKeyed(3)));
      expect([status, body.code, headers.get("retry-after")]).toEqual([503, "EVT_STORE_UNAVAILABLE", "1"]);
    });

    it("decides the lines before the limit of the stream", async () => {
      const body = lines(...manyKeyed(3));
      const api = await serve(mount, { limits: { streamBytes: body.length - 1 } });
      const { results, summary } = await send(api, body);
      // all bytes may arrive in one chunk, which is then refused as a whole
      expect(summary?.error.code ?? "EVT_BODY_TOO_LARGE").toBe("EVT_BODY_TOO_LARGE");
      expect(results.length).toBeLessThan(3);
      const whole = await serve(mount, { limits: { streamBytes: body.length } });
      expect((await send(whole, body)).summary).toMatchObject({ success: true, processed: 3 });
    });

    it.each<[string, string, Record<string, string>, number, string]>([
      ["no line", "\n \r\n", {}, 400, "EVT_BODY_EMPTY"],
      ["Idempotency-Key", lines(keyed("a", "1")), { "Idempotency-Key": '"k"' }, 400, "EVT_INVALID_HEADER"],
      ["Brotli", lines(keyed("a", "1")), { "Content-Encoding": "br" }, 415, "EVT_UNSUPPORTED_ENCODING"],
      [
        "a body that is not gzip",
        lines(keyed("a", "1")),
        { "Content-Encoding": "gzip" },
        400,
        "EVT_BODY_NOT_ENCODED",
      ],
      [
        "another charset",
        "{}",
        { "Content-Type": "application/jsonl; charset=latin1" },
        415,
        "EVT_UNSUPPORTED_MEDIA_TYPE",
      ],
      ["a CloudEvent in binary mode", "{}", { "ce-specversion": "1.0" }, 415, "EVT_UNSUPPORTED_MEDIA_TYPE"],
    ])("refuses a request with %s", async (_, body, headers, status, code) => {
      const api = await serve(mount);
      const response = await send(api, body, headers);
      expect([response.status, response.body.code]).toEqual([status, code]);
      expect((await api.get("/events")).body.events).toEqual([]);
    });

    it("refuses a dry run", async () => {
      const api = await serve(mount);
      const { status, body } = await api.post(lines(keyed("a", "1")), {
        query: "?dryRun=true",
        headers: NDJSON,
      });
      expect([status, body.code, body.parameter]).toEqual([400, "EVT_INVALID_QUERY", "dryRun"]);
    });

    it("refuses events that only their equal events could identify", async () => {
      const evt = newEvt({ mapping: { identical: "ordinal" } });
      const api = await serve(mount, { evt });
      const event = { clientId: "c", metric: "m", amount: "1", timestamp: "2024-01-01T00:00:00Z" };
      const { status, body } = await send(api, lines(event, event));
      expect([status, body.code]).toEqual([422, "EVT_INVALID_EVENT"]);
      expect((await send(api, lines(keyed("a", "1")))).summary.processed).toBe(1);
    });

    it("sends results while the body still arrives", async () => {
      const api = await serve(mount);
      const stream = await openStream(api.port);
      stream.write(lines(...manyKeyed(1_000)));
      await stream.receives('"line":500,');
      stream.write(lines(...manyKeyed(1, 1_000)));
      stream.end();
      await stream.receives('"processed":1001,');
    });

    it("ends if the client disconnects: chunks that have begun are counted, and its share is free again", async () => {
      const api = await serve(mount, { limits: { requests: 1 } });
      const stream = await openStream(api.port);
      stream.write(lines(...manyKeyed(1_100)));
      await stream.receives('"line":500,');
      expect((await api.get("/aggregation")).status).toBe(503);
      stream.disconnect();
      await vi.waitFor(
        async () => expect((await api.get("/aggregation")).body.rows?.[0].count).toBe(1_000),
        10_000,
      );
    });

    it("ends if the body stalls, with the line to resend from", async () => {
      const api = await serve(mount, { limits: { bodyStallMs: 200 } });
      const stream = await openStream(api.port);
      stream.write(`${lines(...manyKeyed(2))}{"incomplete":`);
      await stream.receives('"resendFrom":3,"error":{"code":"EVT_BODY_TOO_SLOW"');
      expect((await api.get("/aggregation")).body.rows[0].count).toBe(2);
    });
  });
}
