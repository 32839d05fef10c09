import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonText, mutatedJson } from "../../core/test/json/json-text.js";
import { replyTo } from "../../http/test/connection.js";
import { purchase } from "../../http/test/samples.js";
import { newEvt, serve } from "../../http/test/serve.js";
import { expressMount } from "./express-mount.js";

const token = fc.stringMatching(/^[A-Za-z!#$%&'*+.^_|~-]{1,12}$/);
const line = fc.string({ unit: fc.constantFrom(...'abc019 ,;="\\/*-_.:%?&[]{}\u00e9\u007f'), maxLength: 30 });
const method = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"),
  },
  { weight: 1, arbitrary: token },
);
const hash = fc.constantFrom("0".repeat(64), "f".repeat(63), "%00", "..%2f", "%e0%a4%a", "x");
const path = fc.oneof(
  fc.constant("/events"),
  fc.constantFrom(
    "/events",
    "/events/",
    "/EVENTS",
    "/aggregation",
    "/events/counts",
    "/events/reasons",
    "/events/clients",
    "/events/metrics",
    "/events/replay",
    "/",
    "//events",
  ),
  hash.map((id) => `/events/${id}`),
  hash.map((id) => `/events/${id}/history`),
  line.map((text) => `/${encodeURI(text)}`),
);
const parameter = fc.constantFrom(
  "limit",
  "cursor",
  "status",
  "startDate",
  "groupBy",
  "dryRun",
  "simulateFailure",
  "x",
  "__proto__",
);
const query = fc
  .oneof(fc.constant<[string, string][]>([]), fc.array(fc.tuple(parameter, line), { maxLength: 3 }))
  .map((pairs) => pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&"));

const header: fc.Arbitrary<[string, string]> = fc.oneof(
  fc.tuple(fc.constantFrom("Prefer", "Accept", "Idempotency-Key", "If-None-Match", "Range", "Expect"), line),
  fc.tuple(
    token.map((name) => `X-${name}`),
    line,
  ),
);
const type = fc.oneof(
  { weight: 6, arbitrary: fc.constant("application/json") },
  fc.constantFrom(
    "application/json; charset=utf-16",
    "text/plain",
    "application/cloudevents+json",
    "*/*",
    "",
  ),
  line,
);

const compress = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  identity: (body: Buffer) => body,
};
const body = fc.tuple(
  fc
    .oneof(jsonText, mutatedJson, fc.constant(JSON.stringify([purchase])), line)
    .map((text) => Buffer.from(text)),
  fc.constantFrom("gzip", "deflate", "br", "identity"),
  // the header may name another encoding
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    fc.constantFrom("gzip", "deflate", "br", "zstd", "gzip, br", " "),
  ),
  fc.option(fc.nat({ max: 400 }), { freq: 5 }),
);

/** A request in bytes: `fetch` refuses to send most of these. */
const request = fc
  .record({
    method,
    path,
    query,
    headers: fc.oneof(fc.constant<[string, string][]>([]), fc.array(header, { maxLength: 3 })),
    type,
    body,
  })
  .map((of) => {
    const [plain, actual, claimed, cut] = of.body;
    const packed = compress[actual as keyof typeof compress](plain);
    const sent = cut === null ? packed : packed.subarray(0, cut);
    const lines = [
      `${of.method} /api${of.path}${of.query && `?${of.query}`} HTTP/1.1`,
      "Host: localhost",
      "Connection: close",
      `Content-Type: ${of.type}`,
      `Content-Encoding: ${claimed ?? actual}`,
      `Content-Length: ${sent.length}`,
      ...of.headers.map(([name, value]) => `${name}: ${value}`),
    ];
    return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), sent]);
  });

/** Statuses with which Node's parser refuses a request before it reaches the router. */
const BY_NODE = [400, 408, 417, 431];

function parsed(reply: string) {
  const [head = "", ...rest] = reply.replace(/^HTTP\/1\.1 100 [\s\S]*?\r\n\r\n/, "").split("\r\n\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  const type = /^content-type: (\S+)/im.exec(head)?.[1];
  return {
    status,
    type,
    isExpress: /^(x-powered-by|etag|cache-control): /im.test(head),
    body: rest.join("\r\n\r\n"),
  };
}

it("every request gets a valid response or a problem with a code; only a 2xx and a 422 store events, and the server keeps running", async () => {
  const errors: unknown[] = [];
  const evt = newEvt();
  const stored = async () => JSON.stringify(await evt.tenant("default").list({ limit: 1_000 }));
  const api = await serve(expressMount(), { evt, onError: (error) => errors.push(error) });
  const statuses = new Map<number, number>();
  let before = await stored();
  await fc.assert(
    fc.asyncProperty(request, async (bytes) => {
      const { status, type, isExpress, body } = parsed(await replyTo(api.port, bytes));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(500);
      const after = await stored();
      if (status >= 400 && status !== 422) expect(after).toBe(before);
      before = after;
      if (status < 400 || body === "") return;
      if (BY_NODE.includes(status) && !isExpress) return;
      // the host responds to paths outside the router
      if (status === 404 && type === "text/html;") return;
      expect(type).toMatch(/^application\/(problem\+)?json/);
      const { code, results } = JSON.parse(body);
      expect(code ?? results).toBeDefined();
    }),
    { numRuns: 600 },
  );
  expect(errors).toEqual([]);
  expect(statuses.get(200)).toBeGreaterThan(3);
  expect(statuses.size).toBeGreaterThan(4);
  expect((await api.post({ ...purchase, eventId: "after all that" })).status).toBe(200);
});
