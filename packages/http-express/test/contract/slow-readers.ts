import { once } from "node:events";
import type { Socket } from "node:net";
import type { Evt } from "@evt/core";
import type { Express, Request } from "express";
import { describe, expect, it, vi } from "vitest";
import { dial, replyTo } from "../../../http/test/connection.js";
import type { EventRouterOptions } from "../../src/index.js";
import { gate } from "../../../http/test/gate.js";
import { overriding } from "../overriding.js";
import { purchase } from "../samples.js";
import { type Api, type Lib, newEvt, serve } from "../serve.js";

const MIB = 1024 * 1024;
/** More than the operating system buffers for a client that reads nothing. */
const LARGE = 12 * MIB;

const authenticate = (req: Request) => ({ tenantId: req.get("X-Tenant") ?? "a" });

interface Serving {
  readonly api: Api;
  /** The path of one event of 12 MiB. */
  readonly large: string;
  /** The server's ends of all connections so far. */
  readonly sockets: ReadonlySet<Socket>;
}

async function serving(lib: Lib, limits: EventRouterOptions["limits"], evt = newEvt()): Promise<Serving> {
  const sockets = new Set<Socket>();
  const note = (app: Express) =>
    app.use((req, _res, next) => {
      sockets.add(req.socket);
      next();
    });
  const api = await serve(lib, { evt, authenticate, limits: { bytes: 16 * MIB, ...limits } }, note);
  return { api, large: `/events/${await storeLarge(evt)}`, sockets };
}

async function storeLarge(evt: Evt): Promise<string> {
  const { id } = await evt.tenant("a").ingest({ ...purchase, note: "x".repeat(LARGE) });
  await evt.tenant("b").ingest({ ...purchase, note: "x".repeat(LARGE) });
  return id;
}

const get = (path: string, tenantId = "a") =>
  `GET /api${path} HTTP/1.1\r\nHost: x\r\nX-Tenant: ${tenantId}\r\n\r\n`;

/** Asks, and reads nothing. Resolves with the server's end once the request has arrived there. */
async function unread({ api, sockets }: Serving, request: string): Promise<Socket> {
  const before = new Set(sockets);
  const client = await dial(api.port);
  client.pause().write(request);
  return vi.waitFor(() => {
    const arrived = [...sockets].find((socket) => !before.has(socket));
    if (arrived === undefined) throw new Error("the request has not arrived");
    return arrived;
  });
}

const closed = (socket: Socket) => socket.closed || once(socket, "close");

export function describeSlowReaders(lib: Lib): void {
  describe("a client that does not take its answer", () => {
    it("is cut when nothing of it moves any more", async () => {
      const served = await serving(lib, { answerStallMs: 100 });
      const socket = await unread(served, get(served.large));
      await closed(socket);
      expect(socket.bytesWritten).toBeLessThan(LARGE);
      expect((await served.api.get(served.large)).status).toBe(200);
    });

    it("is cut when it reads a little now and then", async () => {
      const served = await serving(lib, { answerStallMs: 200, bytesPerSecond: 64 * MIB });
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

    it("is cut at the end of the time for an answer, however it reads", async () => {
      const served = await serving(lib, { answerMs: 100, answerStallMs: 60_000 });
      await closed(await unread(served, get(served.large)));
    });

    it.each(["Content-Length: 100000", "Transfer-Encoding: chunked"])(
      "is cut where it does not send its own request to the end either (%s)",
      async (line) => {
        const served = await serving(lib, { answerStallMs: 100, answerBytesAtOnce: 30 * MIB });
        const request = get(served.large).replace("\r\n\r\n", `\r\n${line}\r\n\r\n`);
        await closed(await unread(served, request));
        expect((await served.api.get(served.large)).status).toBe(200);
      },
    );

    it.each(["Content-Length: 100000", "Transfer-Encoding: chunked"])(
      "holds no room once it has taken it, also where its own request never ends (%s)",
      async (line) => {
        const served = await serving(lib, { answerBytesAtOnce: 30 * MIB });
        const request = get(served.large).replace("\r\n\r\n", `\r\n${line}\r\n\r\n`);
        expect((await replyTo(served.api.port, request)).length).toBeGreaterThan(LARGE);
        expect((await served.api.get(served.large)).status).toBe(200);
      },
    );

    it("has its whole answer where it reads slowly, but fast enough", async () => {
      const served = await serving(lib, { answerStallMs: 5_000, bytesPerSecond: 1 });
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

    it("holds a share of its tenant's: more large answers are refused there, those of others and small ones are not", async () => {
      const served = await serving(lib, { answerBytesAtOnce: 30 * MIB });
      const { api, large } = served;
      const socket = await unread(served, get(large));
      await vi.waitFor(() => expect(socket.writableLength).toBeGreaterThan(0));
      // the first is refused once it is made, the second before
      for (let i = 0; i < 2; i++) {
        const { status, body, headers } = await api.get(large);
        expect([status, body.code, headers.get("retry-after")]).toEqual([503, "EVT_OVERLOADED", "1"]);
        expect(body.detail).toBe(
          "this tenant has its share of the answers that may wait for their clients; read them faster, ask for less at a time, or try again later",
        );
      }
      expect((await api.get("/aggregation")).status).toBe(200);
      expect((await api.get(large, { "X-Tenant": "b" })).status).toBe(200);
      socket.destroy();
      await vi.waitFor(async () => expect((await api.get(large)).status).toBe(200));
    });

    it("is no request under way any more: it keeps nobody out", async () => {
      const served = await serving(lib, { requests: 2, answerBytesAtOnce: 100 * MIB });
      await unread(served, get(served.large));
      await unread(served, get(served.large, "b"));
      await vi.waitFor(async () => {
        for (const tenantId of ["a", "b", "c"])
          expect((await served.api.get("/aggregation", { "X-Tenant": tenantId })).status).toBe(200);
      });
    });

    it("is cut where it pipelines more than 32 requests, and nothing of them is held", async () => {
      const served = await serving(lib, { answerMs: 600_000, answerStallMs: 600_000 });
      const socket = await unread(served, get(served.large) + get("/aggregation").repeat(33));
      await closed(socket);
      await vi.waitFor(async () => expect((await served.api.get(served.large)).status).toBe(200));
    });

    it("gives back its place, also of requests that wait behind others when its connection ends", async () => {
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
      const served = await serving(lib, { requests: 8 }, gated);
      const socket = await unread(served, get("/aggregation").repeat(4));
      await vi.waitFor(async () => expect((await served.api.get("/events?limit=1")).status).toBe(503));
      socket.destroy();
      await closed(socket);
      open();
      await vi.waitFor(async () => expect((await served.api.get("/events?limit=1")).status).toBe(200));
      const four = () => Promise.all(Array.from({ length: 4 }, () => served.api.get("/aggregation")));
      expect((await four()).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    });

    it("holds nothing with HEAD, and no listener or timer is left after many answers", async () => {
      const served = await serving(lib, { answerBytesAtOnce: 30 * MIB });
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
