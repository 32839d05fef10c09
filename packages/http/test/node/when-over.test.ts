import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { whenOver } from "../../src/node/when-over.js";
import { dial, listen } from "../connection.js";

interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly over: ReturnType<typeof vi.fn>;
}

/** Sends pipelined requests on one connection, which get no response yet. */
async function pipelined(count: number): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  const port = await listen((req, res) => {
    const over = vi.fn();
    whenOver(req, res, over);
    exchanges.push({ req, res, over });
  });
  const client = await dial(port);
  client.resume().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(count));
  await expect.poll(() => exchanges.length).toBe(count);
  return exchanges;
}

const calls = (exchanges: readonly Exchange[]) => exchanges.map(({ over }) => over.mock.calls.length);

describe("whenOver", () => {
  it("calls once for each response that was sent", async () => {
    const exchanges = await pipelined(3);
    for (const { res } of exchanges) res.end("x");
    await expect.poll(() => calls(exchanges)).toEqual([1, 1, 1]);
    exchanges[0]?.req.socket.destroy();
    await once(exchanges[0]?.req.socket ?? fail(), "close");
    expect(calls(exchanges)).toEqual([1, 1, 1]);
  });

  it("calls once for each waiting response when its connection ends, and immediately afterwards", async () => {
    const exchanges = await pipelined(20);
    const { req, res } = exchanges[0] ?? fail();
    expect(req.socket.listenerCount("close")).toBeLessThan(10);
    req.socket.destroy();
    await once(req.socket, "close");
    expect(calls(exchanges)).toEqual(Array(20).fill(1));
    const late = vi.fn();
    whenOver(req, res, late);
    expect(late).toHaveBeenCalledOnce();
  });
});

function fail(): never {
  throw new Error("nothing has arrived");
}
