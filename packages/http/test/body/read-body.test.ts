import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Readable } from "node:stream";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { BodyBudget } from "../../src/body/body-budget.js";
import { ClientGone, readBody } from "../../src/body/read-body.js";
import { dial } from "../connection.js";

/** A request of which part of the body has arrived, and the client's socket. */
async function halfSent(encoding: string, body: Buffer): Promise<{ req: IncomingMessage; client: Socket }> {
  const server = createServer();
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = await dial((server.address() as AddressInfo).port);
  const headers = [`Content-Length: ${body.length + 100}`, `Content-Encoding: ${encoding}`];
  client.write(["POST / HTTP/1.1", "Host: x", ...headers, "", ""].join("\r\n"));
  client.write(body);
  const [req] = await once(server, "request");
  return { req, client };
}

const LIMITS = { bytes: 1_000, bodyMs: 30_000, bodyStallMs: 5_000, bytesPerSecond: 16_384 };

const read = (req: IncomingMessage) =>
  readBody({ headers: req.headers, body: req }, LIMITS, new BodyBudget(1_000_000).share(""));

describe("readBody", () => {
  it.each(["identity", "gzip"])(
    "throws ClientGone when the client disconnects during the body (%s)",
    async (encoding) => {
      const { req, client } = await halfSent(encoding, gzipSync("{}").subarray(0, 5));
      const reading = read(req);
      client.destroy();
      await expect(reading).rejects.toBeInstanceOf(ClientGone);
    },
  );

  it.each(["identity", "gzip"])(
    "throws ClientGone if the client had disconnected before (%s)",
    async (encoding) => {
      const { req, client } = await halfSent(encoding, Buffer.of());
      client.destroy();
      await new Promise((resolve) => req.once("close", resolve));
      await expect(read(req)).rejects.toBeInstanceOf(ClientGone);
    },
  );

  it.each([
    ["br", brotliCompressSync, true],
    ["gzip", gzipSync, false],
    ["identity", (bytes: Buffer) => bytes, false],
  ] as const)(
    "reserves the memory that it holds at the same time (%s)",
    async (encoding, pack, holdsBoth) => {
      const bytes = Buffer.from(randomBytes(90_000).toString("hex"));
      const packed = pack(bytes);
      const needed = holdsBoth ? packed.length + bytes.length : bytes.length;
      const within = (most: number) => {
        const body = Readable.from([packed]);
        const limits = { ...LIMITS, bytes: 200_000 };
        return readBody(
          { headers: { "content-encoding": encoding }, body },
          limits,
          new BodyBudget(most).share(""),
        );
      };
      expect(await within(needed)).toEqual(bytes);
      await expect(within(needed - 1)).rejects.toMatchObject({ status: 503, code: "EVT_OVERLOADED" });
    },
  );

  it("stops reading the request after it was refused", async () => {
    const { req } = await halfSent("gzip", gzipSync("x".repeat(10_000)));
    await expect(read(req)).rejects.toThrow("body has more than 1000 bytes");
    expect(req.listenerCount("data")).toBe(0);
    expect(req.readableFlowing).toBe(false);
  });
});
