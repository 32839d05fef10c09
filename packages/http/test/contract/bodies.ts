import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { click, purchase } from "../samples.js";
import { serve } from "../serve.js";
import type { Mount } from "./mount.js";

const exact =
  '{"amount":"1",  "clientId":"a", "n":9007199254740993, "x":1.10, "e":1E2, "d":1, "d":2, "u":"\\u00e9\\u0000", "__proto__":{"polluted":true}}';

export function describeBodies(mount: Mount): void {
  describe("a body", () => {
    it("is stored and returned exactly as sent, including digits, escapes and repeated keys", async () => {
      const api = await serve(mount);
      const { status, text } = await api.post(`\n ${exact} \n`);
      expect(status).toBe(200);
      expect(text).toContain(`,"raw":${exact}}`);
      const batch = await api.post(
        `[ ${exact} ,\n{"b" : [1, {"c":",]}"}], "amount":1.50, "clientId":"b"}\t]`,
      );
      expect(batch.text).toContain(`,"raw":${exact}}`);
      expect(batch.text).toContain(`,"raw":{"b" : [1, {"c":",]}"}], "amount":1.50, "clientId":"b"}}`);
      expect((await api.get("/events")).text).toContain(`,"raw":${exact}}`);
      expect((await api.get(`/events/${batch.body.results[0].event.id}`)).text).toContain(`,"raw":${exact}}`);
    });

    it.each([
      "9007199254740993",
      "1e400",
      "0.12345678901234567890",
      "-1e-400",
      "1234567890123456789012345678901234567890",
    ])(
      "with the amount %s, which does not fit into a double, is rejected and not rounded",
      async (amount) => {
        const api = await serve(mount);
        const { status, text, body } = await api.post(`{"clientId":"a","amount":${amount}}`);
        expect(status).toBe(422);
        expect(body.results[0].issues).toMatchObject([{ code: "amount_inexact", path: "amount" }]);
        expect(text).toContain(`"raw":{"clientId":"a","amount":${amount}}`);
      },
    );

    it.each([
      ["0.1", "0.1"],
      ["1e3", "1000"],
      ["1.50", "1.5"],
      ["-0", "0"],
      ["2.00000000000000000", "2"],
      ["0.30000000000000004", "0.30000000000000004"],
      ["9007199254740991", "9007199254740991"],
    ])("with the amount %s counts %s", async (sent, counted) => {
      const api = await serve(mount);
      const { body } = await api.post(`{"clientId":"a","amount":${sent}}`);
      expect(body.results[0].event.amount).toBe(counted);
    });

    it("with escaped keys is read correctly, regardless of earlier keys", async () => {
      const api = await serve(mount);
      const sent = '{"clientId":"a","\\u0061mount":"5"}';
      await api.post('{"clientId":"a","\\\\u0061":[]}');
      expect((await api.post(sent)).body.results[0].event).toMatchObject({ amount: "5" });
      expect((await api.post(`[${sent}]`)).body.results[0].outcome).toBe("duplicate");
    });

    it("uses the last of repeated keys, as JSON.parse does, also next to an inexact number", async () => {
      const api = await serve(mount);
      const { body } = await api.post(
        '[{"clientId":"a","amount":1,"amount":2},{"clientId":"a","n":1e400,"amount":3,"amount":4}]',
      );
      expect(body.results.map((result: { event: { amount: string } }) => result.event.amount)).toEqual([
        "2",
        "4",
      ]);
    });

    it("with the key __proto__ has ordinary data, not a prototype", async () => {
      const api = await serve(mount);
      for (const next of ["1", "1e400"]) {
        const { status, body } = await api.post(`{"__proto__":{"amount":"5"},"clientId":"a","n":${next}}`);
        expect(status).toBe(422);
        expect(body.results[0].issues).toMatchObject([{ code: "amount_missing" }]);
      }
      expect(Object.prototype).not.toHaveProperty("amount");
    });

    it.each([
      ["gzip", gzipSync],
      ["x-gzip", gzipSync],
      ["GZIP", gzipSync],
      ["deflate", deflateSync],
      ["br", brotliCompressSync],
      ["identity", (bytes: string) => Buffer.from(bytes)],
    ])("in Content-Encoding %s is read", async (encoding, encode) => {
      const api = await serve(mount);
      const body = encode(JSON.stringify([purchase, click]));
      const { status } = await api.post(body, { headers: { "Content-Encoding": encoding } });
      expect(status).toBe(200);
      expect((await api.get("/events")).body.events).toHaveLength(2);
    });

    it.each(["compress", "gzip, br", "gzip, gzip", "__proto__"])(
      "in Content-Encoding %s is refused with 415",
      async (encoding) => {
        const api = await serve(mount);
        const { status, headers, body } = await api.post(purchase, {
          headers: { "Content-Encoding": encoding },
        });
        expect([status, body.code]).toEqual([415, "EVT_UNSUPPORTED_ENCODING"]);
        expect(headers.get("accept-encoding")).toBe("gzip, deflate, br");
      },
    );

    it.each([
      ["that is not compressed at all", Buffer.from(JSON.stringify(purchase))],
      ["that is cut off", gzipSync(JSON.stringify(purchase)).subarray(0, 40)],
    ])("in gzip %s is refused with 400", async (_, bytes) => {
      const api = await serve(mount);
      const { status, body } = await api.post(bytes, { headers: { "Content-Encoding": "gzip" } });
      expect([status, body.code]).toEqual([400, "EVT_BODY_NOT_ENCODED"]);
    });

    it("of empty gzip members is refused with 400 long before its end", async () => {
      const api = await serve(mount);
      const member = gzipSync("");
      const bytes = Buffer.alloc(20_000 * member.length, member);
      const { status, body } = await api.post(bytes, { headers: { "Content-Encoding": "gzip" } });
      expect([status, body.code]).toEqual([400, "EVT_BODY_NOT_ENCODED"]);
      expect(body.detail).toMatch(/: \d+ bytes inflate to 0$/);
    });

    it("that gzip did not make smaller is read", async () => {
      const api = await serve(mount);
      const bytes = gzipSync(JSON.stringify({ ...purchase, pad: "a".repeat(2 ** 20) }), { level: 0 });
      const { status } = await api.post(bytes, { headers: { "Content-Encoding": "gzip" } });
      expect(status).toBe(200);
    });

    it.each([
      ["gzip", gzipSync],
      ["deflate", deflateSync],
      ["br", brotliCompressSync],
    ])("in %s with bytes after its end is refused with 400", async (encoding, encode) => {
      const api = await serve(mount);
      for (const trailing of ["x", "\0", "{}".repeat(40_000)]) {
        const bytes = Buffer.concat([encode(JSON.stringify(purchase)), Buffer.from(trailing)]);
        const { status, body } = await api.post(bytes, { headers: { "Content-Encoding": encoding } });
        expect([status, body.code]).toEqual([400, "EVT_BODY_NOT_ENCODED"]);
      }
      expect((await api.get("/events")).body.events).toEqual([]);
    });

    it.each([
      "application/json; charset=utf-8",
      'application/json;charset="UTF-8"',
      "application/cloudevents+json",
      "APPLICATION/JSON",
      "application/vnd.acme.v1+json; profile=x",
    ])("of the type %s is read", async (type) => {
      const api = await serve(mount);
      expect((await api.post(purchase, { headers: { "Content-Type": type } })).status).toBe(200);
    });

    it.each([
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/jsonx",
      "text/json",
      "application/json; charset=utf-16",
      "application/json; charset=utf-8; charset=utf-16",
      "application/json; charset=utf-8; charset=utf-8",
      "application/json, text/plain",
    ])("of the type %s is refused with 415", async (type) => {
      const api = await serve(mount);
      const { status, headers, body } = await api.post(purchase, { headers: { "Content-Type": type } });
      expect([status, body.code]).toEqual([415, "EVT_UNSUPPORTED_MEDIA_TYPE"]);
      expect(body.detail).toBe(`Content-Type is "${type}"; send application/json in UTF-8`);
      expect(headers.get("accept")).toContain("application/json");
    });

    it("without a type is refused with 415", async () => {
      const api = await serve(mount);
      const { status, body } = await api.request("POST", "/events", { body: Buffer.from("{}") });
      expect([status, body.code]).toEqual([415, "EVT_UNSUPPORTED_MEDIA_TYPE"]);
    });

    it.each(["", " \r\n\t "])("that is empty (%j) is refused with 400", async (nothing) => {
      const api = await serve(mount);
      const { status, body } = await api.post(nothing);
      expect([status, body.code]).toEqual([400, "EVT_BODY_EMPTY"]);
    });

    it.each([
      ["{", "line 1, column 2"],
      ['[{"a":1},\n {"b" 2}]', "line 2, column 7"],
      ['{"a":1,}', "line 1, column 8"],
      ["]", "line 1, column 1"],
      ["\n }", "line 2, column 2"],
      ["[1,2]x", "line 1, column 6"],
      ["{'a':1}", "line 1, column 2"],
      ["NaN", "line 1, column 1"],
      ['"tab\tinside"', "line 1, column 5"],
      ['{"a":01}', "line 1, column 7"],
      ["\u00a0{}", "line 1, column 1"],
    ])("that is not JSON (%j) is refused with 400 and the position", async (text, place) => {
      const api = await serve(mount);
      const { status, body } = await api.post(text);
      expect([status, body.code]).toEqual([400, "EVT_BODY_NOT_JSON"]);
      expect(body.detail).toMatch(/^body is not JSON: /);
      expect(body.detail.endsWith(`, at ${place}`)).toBe(true);
    });

    it.each([
      ["a stray byte", [0x22, 0x61, 0xff, 0x22], "byte 2 (0xff)"],
      ["an overlong form", [0x22, 0xc0, 0xaf, 0x22], "byte 1 (0xc0)"],
      ["a surrogate", [0x22, 0xed, 0xa0, 0x80, 0x22], "byte 1 (0xed)"],
      ["a cut character", [0x22, 0xe2, 0x82], "byte 1 (0xe2)"],
      ["UTF-16 with its mark", [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00], "byte 0 (0xff)"],
    ])("with %s is refused with 400 and its position, and not repaired", async (_, bytes, place) => {
      const api = await serve(mount);
      const { status, body } = await api.post(Uint8Array.from(bytes));
      expect([status, body.code]).toEqual([400, "EVT_BODY_NOT_UTF8"]);
      expect(body.detail).toBe(`body is not UTF-8: ${place} is invalid`);
    });

    it("in UTF-16 without a byte order mark is refused with 400", async () => {
      const api = await serve(mount);
      const { status, body } = await api.post(Buffer.from("{}", "utf16le"));
      expect([status, body.code]).toEqual([400, "EVT_BODY_NOT_JSON"]);
    });

    it("may begin with a byte order mark, which is not stored", async () => {
      const api = await serve(mount);
      const { status, text } = await api.post(Buffer.from(`\ufeff${exact}`));
      expect(status).toBe(200);
      expect(text).toContain(`"raw":${exact}`);
    });

    it("may have lone surrogates, but not in the fields that evt reads", async () => {
      const api = await serve(mount);
      const { body } = await api.post(
        '[{"clientId":"a","amount":1,"note":"\\ud800"},{"clientId":"\\udfff","amount":1}]',
      );
      expect(body.results).toMatchObject([
        { outcome: "processed" },
        { outcome: "rejected", issues: [{ code: "client_id_invalid" }] },
      ]);
    });

    it.each(["null", "1", '"text"', "true", "[[]]", "[null]"])(
      "with %s as an event rejects it",
      async (text) => {
        const api = await serve(mount);
        const { status, body } = await api.post(text);
        expect(status).toBe(422);
        expect(body.results).toMatchObject([
          { outcome: "rejected", issues: [{ code: "event_not_an_object" }] },
        ]);
      },
    );
  });

  describe("the limits", () => {
    it("refuse too many events with 413, and store none of them", async () => {
      const api = await serve(mount, { limits: { events: 3 } });
      const event = (amount: number) => ({ ...click, value: amount });
      expect((await api.post([1, 2, 3].map(event))).status).toBe(200);
      const { status, body } = await api.post([4, 5, 6, 7].map(event));
      expect([status, body.code]).toEqual([413, "EVT_TOO_MANY_EVENTS"]);
      expect(body.detail).toBe("batch has 4 events; the limit is 3");
      expect((await api.get("/events")).body.events).toHaveLength(3);
    });

    it("allow 1,000 events by default", async () => {
      const api = await serve(mount);
      const batch = (count: number) =>
        Array.from({ length: count }, (_, i) => ({ clientId: "a", amount: i }));
      expect((await api.post(batch(1000), { headers: { Prefer: "return=minimal" } })).body.processed).toBe(
        1000,
      );
      expect((await api.post(batch(1200))).body.detail).toBe("batch has 1200 events; the limit is 1000");
    });

    it("refuse a body that is too large by its Content-Length with 413, and accept one at the limit", async () => {
      const json = JSON.stringify(purchase);
      const api = await serve(mount, { limits: { bytes: json.length } });
      expect((await api.post(json)).status).toBe(200);
      const { status, body } = await api.post(`${json} `);
      expect([status, body.code]).toEqual([413, "EVT_BODY_TOO_LARGE"]);
      expect(body.detail).toBe(`body has ${json.length + 1} bytes; the limit is ${json.length}`);
    });

    it("allow 5 MiB by default", async () => {
      const api = await serve(mount);
      const event = JSON.stringify({ clientId: "a", amount: 1, note: "" });
      const sized = (bytes: number) => event.replace('""', `"${"x".repeat(bytes - event.length)}"`);
      expect((await api.post(sized(5 * 1024 * 1024), { headers: { Prefer: "return=minimal" } })).status).toBe(
        200,
      );
      expect((await api.post(sized(5 * 1024 * 1024 + 1))).status).toBe(413);
    });

    it("count the nesting of an event, alone or in an array", async () => {
      const api = await serve(mount, { limits: { depth: 3 } });
      const nested = (depth: number) =>
        `{"clientId":"a","amount":${depth},"x":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
      expect((await api.post(nested(3))).status).toBe(200);
      expect((await api.post(`[${nested(3)},${nested(3)}]`)).status).toBe(200);
      for (const body of [nested(4), `[${nested(3)},${nested(4)}]`]) {
        const { status, body: problem } = await api.post(body);
        expect([status, problem.code]).toEqual([400, "EVT_BODY_TOO_DEEP"]);
        expect(problem.detail).toBe("body has an event that is nested too deeply; the limit is 3 levels");
      }
    });

    it("allow 64 levels by default, and refuse 200,000 with 400", async () => {
      const api = await serve(mount);
      const nested = (depth: number) =>
        `{"clientId":"a","amount":1,"x":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
      expect((await api.post(nested(64))).status).toBe(200);
      expect((await api.post(nested(65))).status).toBe(400);
      expect((await api.post(nested(200_000))).body.code).toBe("EVT_BODY_TOO_DEEP");
      expect((await api.post("[".repeat(200_000))).body.code).toBe("EVT_BODY_TOO_DEEP");
      expect((await api.post('{"a":'.repeat(200_000))).body.code).toBe("EVT_BODY_TOO_DEEP");
    });

    it("do not count brackets in strings as nesting", async () => {
      const api = await serve(mount, { limits: { depth: 1 } });
      expect((await api.post({ clientId: "a", amount: 1, note: '[[{{\\"[[{{\\\\' })).status).toBe(200);
    });
  });
}
