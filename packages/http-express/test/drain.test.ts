import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import express from "express";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { gatedStore } from "../../http/test/gated-store.js";
import { purchase } from "../../http/test/samples.js";
import { newEvt } from "../../http/test/serve.js";
import { createDrain, createEventRouter, createHealthRouter, serverLimits } from "../src/index.js";

/** A server over a store whose inserts wait. */
async function start() {
  const { store, open } = gatedStore();
  const evt = newEvt({ store });
  const drain = createDrain();
  const app = express();
  app.use("/health", createHealthRouter({ evt, draining: () => drain.draining }));
  app.use(drain.gate);
  app.use("/api", createEventRouter({ evt, authenticate: "open" }));
  const server = createServer(serverLimits, app).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const post = () =>
    fetch(`${url}/api/events`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(purchase),
    });
  const ready = async () => (await fetch(`${url}/health/ready`)).status;
  return { drain, server, open, post, ready, url };
}

function ended(server: Server): Promise<unknown> {
  return once(server, "close");
}

describe("createDrain", () => {
  it("finishes requests in progress, refuses new ones, and is not ready during that time", async () => {
    const { drain, server, open, post, ready } = await start();
    const arrived = once(server, "request");
    const underWay = post();
    await arrived;
    expect(await ready()).toBe(200);
    const closing = drain.close(server);
    expect(drain.draining).toBe(true);
    expect(await ready()).toBe(503);
    const refused = await post();
    expect([
      refused.status,
      refused.headers.get("retry-after"),
      ((await refused.json()) as { code: string }).code,
    ]).toEqual([503, "1", "EVT_DRAINING"]);
    open();
    expect((await underWay).status).toBe(200);
    await closing;
    expect(server.listening).toBe(false);
  });

  it("still serves requests during the grace period, but is not ready", async () => {
    const { drain, server, open, post, ready } = await start();
    open();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const closing = drain.close(server, { graceMs: 300 });
    vi.advanceTimersByTime(299);
    expect(await ready()).toBe(503);
    expect((await post()).status).toBe(200);
    vi.advanceTimersByTime(1);
    await closing;
    expect(server.listening).toBe(false);
  });

  it("closes connections whose requests take longer than the timeout", async () => {
    const { drain, server, post } = await start();
    const arrived = once(server, "request");
    const cut = post().catch((error: unknown) => error);
    await arrived;
    const closed = ended(server);
    await drain.close(server, { timeoutMs: 20 });
    await closed;
    expect(await cut).toBeInstanceOf(TypeError);
  });

  it("does not wait for pipelined requests of a connection that was closed", async () => {
    const { drain, server, url } = await start();
    const { port } = new URL(url);
    const arrived = new Promise<Socket>((resolve) => server.once("connection", resolve));
    const body = JSON.stringify(purchase);
    const request = `POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    connect(Number(port), "127.0.0.1")
      .on("error", () => undefined)
      .write(request.repeat(3));
    const socket = await arrived;
    await once(server, "request");
    socket.destroy();
    await drain.close(server, { timeoutMs: 60_000 });
    expect(server.listening).toBe(false);
  });

  it("closes once, even if called twice, and refuses unknown options", async () => {
    const { drain, server } = await start();
    expect(() => drain.close(server, { grace: 1 } as object)).toThrow('no option "grace"');
    await Promise.all([drain.close(server), drain.close(server)]);
    expect(server.listening).toBe(false);
  });
});

describe("serverLimits", () => {
  it("end a request whose headers do not arrive in time, and still serve others", async () => {
    const quick = { ...serverLimits, headersTimeout: 50, connectionsCheckingInterval: 20 };
    const server = createServer(quick, (_, res) => res.end()).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHo");
    const [reply] = await once(socket, "data");
    expect(String(reply)).toMatch(/^HTTP\/1\.1 408 /);
    // on a busy machine, the headers of one request may be late as well
    await expect.poll(async () => (await fetch(`http://127.0.0.1:${port}`)).status).toBe(200);
    server.closeAllConnections();
  });
});
