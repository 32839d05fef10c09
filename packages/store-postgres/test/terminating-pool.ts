import { type AddressInfo, createServer } from "node:net";
import pg from "pg";
import { afterEach, beforeEach, onTestFinished } from "vitest";

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const TERMINATED = "SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0";

/** A pool whose connections are created and terminated by Postgres in one packet. */
export async function terminatingPool(): Promise<pg.Pool> {
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

/** Collects, during each test, the errors that have no listener and would end the process. */
export function unheardErrors(): readonly unknown[] {
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
  return unheard;
}
