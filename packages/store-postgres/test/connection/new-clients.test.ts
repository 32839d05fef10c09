import { type AddressInfo, createServer } from "node:net";
import { maintain, PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { patient } from "../records.js";

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const TERMINATED = "SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0";

/** Says in one breath that the connection is made, and that it is terminated. */
async function terminatingServer(): Promise<pg.Pool> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () =>
      socket.end(
        Buffer.concat([
          message("R", Buffer.alloc(4)),
          message("Z", Buffer.from("I")),
          message("E", Buffer.from(TERMINATED)),
        ]),
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return new pg.Pool({ host: "127.0.0.1", port, user: "nobody", database: "none" });
}

describe("a connection that Postgres ends as it is made", () => {
  const unheard: unknown[] = [];
  const remember = (error: unknown) => unheard.push(error);
  const others = process.listeners("uncaughtException");
  beforeEach(() => {
    unheard.length = 0;
    process.removeAllListeners("uncaughtException").on("uncaughtException", remember);
  });
  afterEach(() => {
    process.removeAllListeners("uncaughtException");
    for (const other of others) process.on("uncaughtException", other);
  });

  it("fails the call of a store, and does not end the process", async () => {
    const store = new PostgresStore({ pool: await terminatingServer() });
    await expect(store.ping(patient())).rejects.toMatchObject({ code: "EVT_STORE_UNAVAILABLE" });
    expect(unheard).toEqual([]);
  });

  it("fails what is done over a pool without a store, and does not end the process", async () => {
    const pool = await terminatingServer();
    pool.on("error", () => undefined);
    await expect(maintain(pool)).rejects.toThrow();
    expect(unheard).toEqual([]);
  });

  it("is heard of by nobody here once the store is closed", async () => {
    const pool = await terminatingServer();
    const store = new PostgresStore({ pool });
    expect(pool.listenerCount("connect")).toBe(1);
    await store.close();
    expect(pool.listenerCount("connect")).toBe(0);
  });
});
