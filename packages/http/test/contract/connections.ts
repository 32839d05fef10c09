import { once } from "node:events";
import type { Socket } from "node:net";
import { brotliCompressSync, constants, deflateSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { dial, replyTo } from "../connection.js";
import { purchase } from "../samples.js";
import { serve } from "../serve.js";
import type { Mount } from "./mount.js";

const head = (...headers: string[]) =>
  ["POST /api/events HTTP/1.1", "Host: x", "Content-Type: application/json", ...headers, "", ""].join("\r\n");
const MIB = 1024 * 1024;

export function describeConnections(mount: Mount): void {
  describe("a connection", () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    beforeEach(() => {
      unhandled.length = 0;
      process.on("unhandledRejection", note).on("uncaughtException", note);
    });
    afterEach(() => {
      process.off("unhandledRejection", note).off("uncaughtException", note);
      expect(unhandled).toEqual([]);
    });

    it.each(["identity", "gzip"])(
      "that is cut after every few bytes of a body (%s) stores nothing and breaks nothing",
      async (encoding) => {
        const errors: unknown[] = [];
        const api = await serve(mount, { onError: (error) => errors.push(error) });
        const json = JSON.stringify(purchase);
        const body = encoding === "gzip" ? gzipSync(json) : Buffer.from(json);
        for (let sent = 0; sent < body.length; sent += 9) {
          const socket = await dial(api.port);
          socket.write(head(`Content-Length: ${body.length}`, `Content-Encoding: ${encoding}`));
          await written(socket, body.subarray(0, sent));
          socket.resetAndDestroy();
        }
        expect((await api.get("/events")).body.events).toEqual([]);
        expect((await api.post(purchase)).status).toBe(200);
        expect(errors).toEqual([]);
      },
    );

    it("that announces a body that is too large gets a 413 before it sends the body", async () => {
      const api = await serve(mount);
      const socket = await dial(api.port);
      socket.write(head(`Content-Length: ${100 * MIB}`));
      const [reply] = await once(socket, "data");
      expect(String(reply)).toMatch(/^HTTP\/1\.1 413 /);
      expect(String(reply)).toMatch(/\r\nConnection: close\r\n/i);
      expect(String(reply)).toContain('"code":"EVT_BODY_TOO_LARGE"');
    });

    it("that sends nothing more after a refusal is closed after two seconds", async () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      onTestFinished(() => void vi.useRealTimers());
      const api = await serve(mount);
      const socket = await dial(api.port);
      socket.write(head(`Content-Length: ${100 * MIB}`));
      await once(socket, "data");
      vi.advanceTimersByTime(1_999);
      expect((await api.get("/events")).status).toBe(200);
      expect(socket.readableEnded).toBe(false);
      vi.advanceTimersByTime(1);
      socket.resume();
      await once(socket, "end");
    });

    it("that sends chunks without end gets a 413, and is closed without delay", async () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      onTestFinished(() => void vi.useRealTimers());
      const api = await serve(mount, { limits: { bytes: 64 * 1024 } });
      const socket = await dial(api.port);
      const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
      const closed = new Promise((resolve) => socket.once("close", resolve));
      let reply = "";
      socket.on("data", (data) => {
        reply += data;
      });
      const pour = () => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on("drain", pour);
      socket.write(head("Transfer-Encoding: chunked"));
      pour();
      await closed;
      expect(reply).toMatch(/^HTTP\/1\.1 413 /);
    });

    it("that sends all of a body that is too large can still read the response", async () => {
      const api = await serve(mount, { limits: { bytes: 1000 } });
      for (let i = 0; i < 5; i++) {
        const { status } = await api.post(Buffer.alloc(8 * MIB, "x"));
        expect(status).toBe(413);
      }
    });

    it("stays open after a small body was refused unread", async () => {
      const api = await serve(mount, { limits: { bytes: 10 } });
      const body = JSON.stringify(purchase);
      const refused = head(`Content-Length: ${body.length}`) + body;
      const last = "GET /api/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      const reply = await replyTo(api.port, refused + last);
      expect(reply.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 413", "HTTP/1.1 200"]);
    });

    it("stays open after a small body was refused half read", async () => {
      const api = await serve(mount);
      const bomb = gzipSync(Buffer.alloc(50 * MIB));
      const socket = await dial(api.port);
      socket.write(head(`Content-Length: ${bomb.length}`, "Content-Encoding: gzip"));
      socket.write(bomb.subarray(0, bomb.length / 2));
      const [refusal] = await once(socket, "data");
      expect(String(refusal)).toMatch(/^HTTP\/1\.1 413 /);
      socket.write(bomb.subarray(bomb.length / 2));
      socket.write("GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n");
      const [response] = await once(socket, "data");
      expect(String(response)).toMatch(/^HTTP\/1\.1 200 /);
    });

    it.each([
      ["gzip", gzipSync],
      ["deflate", deflateSync],
      [
        "br",
        (bytes: Buffer) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
      ],
    ])(
      "that brings a %s bomb gets a 413 at the limit after decompression, in constant memory",
      async (encoding, encode) => {
        const bomb = encode(Buffer.alloc(80 * MIB, "["));
        const api = await serve(mount);
        const before = process.memoryUsage().arrayBuffers;
        const { status, body } = await api.post(bomb, { headers: { "Content-Encoding": encoding } });
        expect([status, body.code]).toEqual([413, "EVT_BODY_TOO_LARGE"]);
        expect(body.detail).toBe(
          `body has more than ${5 * MIB} bytes when inflated; the limit is ${5 * MIB}`,
        );
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * MIB);
      },
    );

    it("that expects 100-continue gets it, then the response", async () => {
      const api = await serve(mount);
      const socket = await dial(api.port);
      const body = JSON.stringify(purchase);
      socket.write(head(`Content-Length: ${body.length}`, "Expect: 100-continue", "Connection: close"));
      const [first] = await once(socket, "data");
      expect(String(first)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
      socket.write(body);
      const [second] = await once(socket, "data");
      expect(String(second)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    });

    it.each(["gzip, chunked", "identity, chunked"])(
      "whose Transfer-Encoding is %s gets a 501, and nothing is stored",
      async (coding) => {
        const api = await serve(mount);
        const body = JSON.stringify(purchase);
        const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
        const reply = await replyTo(
          api.port,
          head(`Transfer-Encoding: ${coding}`, "Connection: close") + chunks,
        );
        expect(reply).toMatch(/^HTTP\/1\.1 501 /);
        expect((await api.get("/events")).body.events).toEqual([]);
      },
    );

    it("that sends two Content-Lengths gets a 400", async () => {
      const api = await serve(mount);
      const reply = await replyTo(api.port, `${head("Content-Length: 2", "Content-Length: 3")}{} `);
      expect(reply).toMatch(/^HTTP\/1\.1 400 /);
    });

    it("that sends its body in single bytes gets the same response as any other", async () => {
      const api = await serve(mount);
      const socket = await dial(api.port);
      socket.setNoDelay(true);
      const body = Buffer.from(JSON.stringify({ ...purchase, note: "☕" }));
      socket.write(head(`Content-Length: ${body.length}`, "Connection: close"));
      for (const byte of body) await written(socket, Uint8Array.of(byte));
      const [reply] = await once(socket, "data");
      expect(String(reply)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(String(reply)).toContain("☕");
    });

    it("that is slow does not delay other clients", async () => {
      const api = await serve(mount);
      const slow = await dial(api.port);
      await written(slow, Buffer.from(`${head("Content-Length: 100")}{`));
      expect((await api.post(purchase)).status).toBe(200);
      slow.destroy();
    });
  });
}

function written(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => socket.write(bytes, () => resolve()));
}
