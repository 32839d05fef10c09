import { createEvt } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it, vi } from "vitest";
import { type FetchHandlerOptions, toFetchHandler, toFetchHealthHandler } from "../../src/index.js";

const event = { clientId: "a", metric: "m", amount: "1", timestamp: "2024-01-01T00:00:00Z" };

function handler(options: Partial<FetchHandlerOptions> = {}) {
  const evt = createEvt({ store: new MemoryStore() });
  return { evt, handle: toFetchHandler({ evt, authenticate: "open", basePath: "/api", ...options }) };
}

function post(
  body: RequestInit["body"],
  path = "/api/events",
  headers: Record<string, string> = {},
): Request {
  const init = { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body };
  return new Request(`http://localhost${path}`, { ...init, duplex: "half" } as RequestInit);
}

const read = (handle: (request: Request) => Promise<Response>, path: string, init: RequestInit = {}) =>
  handle(new Request(`http://localhost${path}`, init));

describe("toFetchHandler", () => {
  it("counts events and returns totals", async () => {
    const { handle } = handler();
    const counted = await handle(post(JSON.stringify(event)));
    expect([counted.status, counted.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(await counted.json()).toMatchObject({ processed: 1 });
    const totals = await read(handle, "/api/aggregation?metric=m");
    expect(await totals.json()).toMatchObject({ rows: [{ count: 1 }] });
  });

  it("responds to a path that is not evt's with a problem", async () => {
    const { handle } = handler();
    for (const path of ["/api/other", "/events", "/api", "/api/Events"]) {
      const response = await read(handle, path);
      expect([response.status, await response.json()]).toMatchObject([404, { code: "EVT_NOT_FOUND" }]);
    }
  });

  it("responds with 500 to a request whose body was read, and onError receives the reason", async () => {
    const onError = vi.fn();
    const { handle } = handler({ onError });
    const request = post(JSON.stringify(event));
    await request.text();
    expect((await handle(request)).status).toBe(500);
    const reason = expect.objectContaining({ message: expect.stringContaining("was read before") });
    expect(onError).toHaveBeenCalledExactlyOnceWith(reason, request);
  });

  it("uses rawBody, within the limit of bytes", async () => {
    const { handle } = handler({ limits: { bytes: 200 } });
    const request = post("");
    await request.text();
    const raw = (rawBody: string) => Object.assign(request, { rawBody: Buffer.from(rawBody) });
    expect(await (await handle(raw(JSON.stringify(event)))).json()).toMatchObject({ processed: 1 });
    expect((await handle(raw(JSON.stringify({ ...event, note: "x".repeat(200) })))).status).toBe(413);
  });

  it("stops reading a body that exceeds a limit", async () => {
    const { handle } = handler({ limits: { bytes: 100_000 } });
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(10_000));
      },
    });
    expect((await handle(post(endless as never))).status).toBe(413);
    expect(pulled).toBeLessThan(100);
  });

  it("stops waiting for a body when its request is aborted, and stores nothing", async () => {
    const { evt, handle } = handler();
    const aborter = new AbortController();
    const waiting = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from("{")) });
    const request = new Request(post(waiting as never), { signal: aborter.signal });
    const response = handle(request);
    await new Promise(setImmediate);
    aborter.abort();
    expect((await response).status).toBe(499);
    expect((await evt.tenant("default").list()).entries).toEqual([]);
  });

  it("does not serve a request that is already aborted", async () => {
    const authenticate = vi.fn(() => ({ tenantId: "a" }));
    const { handle } = handler({ authenticate });
    expect((await read(handle, "/api/events", { signal: AbortSignal.abort() })).status).toBe(499);
    expect(authenticate).not.toHaveBeenCalled();
  });

  it("streams a large response, which counts against the memory for responses until it is read", async () => {
    const { evt, handle } = handler({ limits: { responseBytesAtOnce: 300_000 } });
    const { id } = await evt.tenant("default").ingest({ ...event, note: "x".repeat(200_000) });
    const unread = await read(handle, `/api/events/${id}`);
    expect(unread.status).toBe(200);
    expect((await read(handle, `/api/events/${id}`)).status).toBe(503);
    const text = await unread.text();
    expect(text.length).toBe(Number(unread.headers.get("content-length")));
    const again = await read(handle, `/api/events/${id}`);
    await again.body?.cancel();
    expect((await read(handle, `/api/events/${id}`)).status).toBe(200);
  });

  it("fails a large response that is read too slowly, and releases its memory", async () => {
    const limits = { responseBytesAtOnce: 300_000, responseStallMs: 20 };
    const { evt, handle } = handler({ limits });
    const { id } = await evt.tenant("default").ingest({ ...event, note: "x".repeat(200_000) });
    const unread = await read(handle, `/api/events/${id}`);
    const reader = unread.body?.getReader();
    await expect.poll(async () => (await read(handle, `/api/events/${id}`)).status).toBe(200);
    await expect(reader?.read()).rejects.toThrow("too slowly");
  });

  it("serves HEAD without a body and with the length", async () => {
    const { handle } = handler();
    const get = await (await read(handle, "/api/events")).text();
    const head = await read(handle, "/api/events", { method: "HEAD" });
    expect([head.body, head.headers.get("content-length")]).toEqual([null, String(get.length)]);
  });

  it("replays an event without a body, with an empty stream and with a new event", async () => {
    const { evt, handle } = handler();
    const parked = await evt.tenant("default").ingest({ ...event, amount: "x" });
    const path = `/api/events/${parked.id}/replay?dryRun=true`;
    const outcome = async (request: Request) => {
      const { results } = (await (await handle(request)).json()) as { results: { outcome: string }[] };
      return results[0]?.outcome;
    };
    const headers = { "Content-Type": "application/json" };
    expect(await outcome(new Request(`http://localhost${path}`, { method: "POST", headers }))).toBe(
      "rejected",
    );
    expect(await outcome(post(new ReadableStream({ start: (c) => c.close() }) as never, path))).toBe(
      "rejected",
    );
    expect(await outcome(post(JSON.stringify(event), path))).toBe("processed");
  });

  it.each([
    ["Content-Type", "application/json", 415],
    ["Content-Encoding", "gzip", 415],
    ["Origin", "http://localhost", 403],
    ["Sec-Fetch-Site", "same-origin", 403],
    ["Idempotency-Key", "order-17", 400],
  ])(
    "refuses %s if it is sent twice, although the Fetch API joins the values",
    async (name, value, status) => {
      const { evt, handle } = handler();
      const headers = new Headers([
        ["Content-Type", "application/json"],
        ["Host", "localhost"],
        [name, value],
      ]);
      if (name !== "Content-Type") headers.append(name, value);
      const request = new Request("http://localhost/api/events", { method: "POST", headers, body: "{}" });
      expect((await handle(request)).status).toBe(status);
      expect((await evt.tenant("default").list()).entries).toEqual([]);
    },
  );

  it("refuses unknown options, and suggests its own", () => {
    expect(() => handler({ basepath: "/api" } as never)).toThrow(
      'no option "basepath"; did you mean "basePath"',
    );
    expect(() => handler({ basePath: "api" })).toThrow('basePath is "api"');
    expect(() => handler({ clientAddress: "x-real-ip" as never })).toThrow(
      "must be a function of the request",
    );
  });
});

describe("clientAddress", () => {
  it("decides whose share a caller without a tenant uses", async () => {
    const { evt, handle } = handler({
      limits: { responseBytesAtOnce: 500_000 },
      clientAddress: (request) => request.headers.get("x-real-ip") ?? undefined,
    });
    const { id } = await evt.tenant("default").ingest({ ...event, note: "x".repeat(200_000) });
    const from = (address: string) =>
      read(handle, `/api/events/${id}`, { headers: { "X-Real-IP": address } });
    const statuses = [];
    for (const address of ["192.0.2.1", "192.0.2.1", "2001:db8::1"])
      statuses.push((await from(address)).status);
    expect(statuses).toEqual([200, 503, 200]);
  });
});

describe("toFetchHealthHandler", () => {
  it("serves /live and /ready, and nothing else", async () => {
    const { evt } = handler();
    const handle = toFetchHealthHandler({ evt, basePath: "/health" });
    const statuses = [];
    for (const path of ["/health/live", "/health/ready", "/health/Ready/", "/health", "/live"])
      statuses.push((await read(handle, path)).status);
    expect(statuses).toEqual([200, 200, 404, 404, 404]);
  });
});
