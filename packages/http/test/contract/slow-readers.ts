import { once } from "node:events";
import type { Socket } from "node:net";
import type { Evt } from "@evt/core";
import { describe, expect, it } from "vitest";
import type { Middleware } from "../../src/index.js";
import { dial, replyTo } from "../connection.js";
import { gate } from "../gate.js";
import { overriding } from "../overriding.js";
import { purchase } from "../samples.js";
import { type Api, newEvt, serve } from "../serve.js";
import type { Mount, TestOptions, TestRequest } from "./mount.js";

const MIB = 1024 * 1024;
/** More bytes than the operating system buffers for a client that reads nothing. */
const LARGE = 12 * MIB;

const authenticate = (req: TestRequest) => ({ tenantId: req.get("X-Tenant") ?? "a" });

interface Serving {
  readonly api: Api;
  readonly evt: Evt;
  /** The path of one event of 12 MiB, which is stored for tenant `a`. */
  readonly large: string;
  /** The server's sockets of all connections so far. */
  readonly sockets: ReadonlySet<Socket>;
}

async function serving(mount: Mount, limits: TestOptions["limits"], evt = newEvt()): Promise<Serving> {
  const sockets = new Set<Socket>();
  const before: Middleware = (req, _res, next) => {
    sockets.add(req.socket);
    next();
  };
  const patient = { responseMs: 600_000, responseStallMs: 600_000 };
  const api = await serve(
    mount,
    { evt, authenticate, limits: { bytes: 16 * MIB, ...patient, ...limits } },
    { before },
  );
  return { api, evt, large: `/events/${await storeLarge(evt, "a")}`, sockets };
}

/** Stores an event of 12 MiB and returns its ID, which is the same for each tenant. */
async function storeLarge(evt: Evt, tenantId: string): Promise<string> {
  const { id } = await evt.tenant(tenantId).ingest({ ...purchase, note: "x".repeat(LARGE) });
  return id;
}

const get = (path: string, tenantId = "a") =>
  `GET /api${path} HTTP/1.1\r\nHost: x\r\nX-Tenant: ${tenantId}\r\n\r\n`;

/** Sends a request and reads nothing. Resolves with the server's socket when the request has arrived. */
async function unread({ api, sockets }: Serving, request: string): Promise<Socket> {
  const before = new Set(sockets);
  const client = await dial(api.port);
  client.pause().write(request);
  const arrived = () => [...sockets].find((socket) => !before.has(socket));
  await expect.poll(arrived).toBeDefined();
  return arrived() as Socket;
}

/** Reads the large response until it arrives whole: on a busy machine, this client may be too slow as well. */
async function expectRead({ api, large }: Serving): Promise<void> {
  const status = () =>
    api.get(large).then(
      (response) => response.status,
      () => "disconnected",
    );
  await expect.poll(status).toBe(200);
}

// `once` would reject if the socket emits an error
const closed = (socket: Socket) =>
  socket.closed || new Promise((resolve) => socket.once("close", resolve).on("error", () => undefined));

export function describeSlowReaders(mount: Mount): void {
  describe("a client that reads its response too slowly", () => {
    it("is disconnected when the response stalls", async () => {
      const served = await serving(mount, { responseStallMs: 100 });
      const socket = await unread(served, get(served.large));
      await closed(socket);
      expect(socket.bytesWritten).toBeLessThan(LARGE);
      await expectRead(served);
    });

    it("is disconnected when it reads only a little now and then", async () => {
      const served = await serving(mount, { responseStallMs: 200, bytesPerSecond: 64 * MIB });
      const client = await dial(served.api.port);
      client.write(get(served.large));
      let received = 0;
      const cut = new Promise((resolve) => client.once("close", resolve));
      client.on("data", (chunk) => {
        received += chunk.length;
        client.pause();
        setTimeout(() => client.resume(), 20);
      });
      await cut;
      expect(received).toBeLessThan(LARGE);
    });

    it("is disconnected when responseMs is over, at any pace", async () => {
      const served = await serving(mount, { responseMs: 100 });
      await closed(await unread(served, get(served.large)));
    });

    it.each(["Content-Length: 100000", "Transfer-Encoding: chunked"])(
      "is disconnected even if its own request never ends (%s)",
      async (line) => {
        const served = await serving(mount, { responseStallMs: 100, responseBytesAtOnce: 30 * MIB });
        const request = get(served.large).replace("\r\n\r\n", `\r\n${line}\r\n\r\n`);
        await closed(await unread(served, request));
        await expectRead(served);
      },
    );

    it.each(["Content-Length: 100000", "Transfer-Encoding: chunked"])(
      "holds no memory after it has received the response, even if its own request never ends (%s)",
      async (line) => {
        const served = await serving(mount, { responseBytesAtOnce: 30 * MIB });
        const request = get(served.large).replace("\r\n\r\n", `\r\n${line}\r\n\r\n`);
        expect((await replyTo(served.api.port, request)).length).toBeGreaterThan(LARGE);
        expect((await served.api.get(served.large)).status).toBe(200);
      },
    );

    it("receives the whole response if it reads slowly, but fast enough", async () => {
      const served = await serving(mount, { responseStallMs: 5_000, bytesPerSecond: 1 });
      const client = await dial(served.api.port);
      client.write(get(served.large).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
      let received = 0;
      client.on("data", (chunk) => {
        received += chunk.length;
        client.pause();
        setTimeout(() => client.resume(), 2);
      });
      await once(client, "end");
      expect(received).toBeGreaterThan(LARGE);
    });

    it("uses its tenant's share: the tenant's further large responses are refused, but not small responses or those of other tenants", async () => {
      const served = await serving(mount, { responseBytesAtOnce: 30 * MIB });
      const { api, large } = served;
      await storeLarge(served.evt, "b");
      const socket = await unread(served, get(large));
      await expect.poll(() => socket.writableLength).toBeGreaterThan(0);
      // the first is refused after it was made, the second before
      for (let i = 0; i < 2; i++) {
        const { status, body, headers } = await api.get(large);
        expect([status, body.code, headers.get("retry-after")]).toEqual([503, "EVT_OVERLOADED", "1"]);
        expect(body.detail).toBe(
          "this tenant already uses its share of the memory for responses; read responses faster, request less at a time, or try again later",
        );
      }
      expect((await api.get("/aggregation")).status).toBe(200);
      expect((await api.get(large, { "X-Tenant": "b" })).status).toBe(200);
      socket.destroy();
      await expectRead(served);
    });

    it("no longer counts as a request in progress", async () => {
      const served = await serving(mount, { requests: 2, responseBytesAtOnce: 100 * MIB });
      await storeLarge(served.evt, "b");
      await unread(served, get(served.large));
      await unread(served, get(served.large, "b"));
      for (const tenantId of ["a", "b", "c"])
        await expect
          .poll(async () => (await served.api.get("/aggregation", { "X-Tenant": tenantId })).status)
          .toBe(200);
    });

    it("is disconnected if it pipelines more than 32 requests, and none of them holds memory", async () => {
      const served = await serving(mount, {});
      const socket = await unread(served, get(served.large) + get("/aggregation").repeat(33));
      await closed(socket);
      await expectRead(served);
    });

    it("releases its places when its connection ends, also those of pipelined requests", async () => {
      const { opened, open } = gate();
      const evt = newEvt();
      const gated = overriding(evt, {
        tenant: (tenantId) =>
          overriding(evt.tenant(tenantId), {
            aggregate: async (...call) => {
              await opened;
              return evt.tenant(tenantId).aggregate(...call);
            },
          }),
      });
      const served = await serving(mount, { requests: 8 }, gated);
      const socket = await unread(served, get("/aggregation").repeat(4));
      await expect.poll(async () => (await served.api.get("/events?limit=1")).status).toBe(503);
      socket.destroy();
      await closed(socket);
      open();
      await expect.poll(async () => (await served.api.get("/events?limit=1")).status).toBe(200);
      const four = () => Promise.all(Array.from({ length: 4 }, () => served.api.get("/aggregation")));
      expect((await four()).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    });

    it("holds nothing with HEAD, and no listener or timer remains after many responses", async () => {
      const served = await serving(mount, { responseBytesAtOnce: 30 * MIB });
      const head = get(served.large).replace("GET", "HEAD");
      const socket = await unread(served, head.repeat(3));
      expect((await served.api.get(served.large)).status).toBe(200);
      const client = await dial(served.api.port);
      client.resume();
      for (let i = 0; i < 20; i++) {
        client.write(get("/aggregation"));
        await once(client, "data");
      }
      for (const each of served.sockets) expect(each.listenerCount("close")).toBeLessThan(10);
      socket.destroy();
    });
  });
}
