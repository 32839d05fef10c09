import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { inject, onTestFinished } from "vitest";

/**
 * `lost request`: the connection is cut before Postgres hears of the next statement. `lost answer`: it is cut when
 * Postgres has done the statement, and not a word of that is passed on.
 */
export type Fault = "lost request" | "lost answer";

const COMMAND_COMPLETE = "C";
const READY_FOR_QUERY = "Z";

/** A proxy in front of Postgres that fails where it is told to, and passes everything on else. */
export class FaultyProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #faults: Fault[] = [];
  /** How many connections were cut. */
  cuts = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Gone with the test. */
  static async start(): Promise<FaultyProxy> {
    const { hostname, port } = new URL(inject("postgresUrl"));
    const server = createServer();
    const proxy = new FaultyProxy(server);
    server.on("connection", (client) => proxy.#join(client, connect(Number(port), hostname)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => proxy.#stop());
    return proxy;
  }

  /** The connection string by way of the proxy. */
  get url(): string {
    const url = new URL(inject("postgresUrl"));
    url.hostname = "127.0.0.1";
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** Each fault befalls one statement, in this order. */
  next(...faults: Fault[]): void {
    this.#faults.push(...faults);
  }

  #join(client: Socket, backend: Socket): void {
    const cut = () => {
      this.cuts++;
      client.destroy();
      backend.destroy();
    };
    for (const [socket, other] of [
      [client, backend],
      [backend, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.on("close", () => other.destroy());
    }
    let open = false;
    client.on("data", (chunk) => {
      if (open && this.#takes("lost request")) return cut();
      backend.write(chunk);
    });
    let losing = false;
    const frames = new Frames((type, frame) => {
      if (open && type === COMMAND_COMPLETE && this.#takes("lost answer")) losing = true;
      if (losing && type === READY_FOR_QUERY) return cut();
      if (!losing) client.write(frame);
      if (type === READY_FOR_QUERY) open = true;
    });
    backend.on("data", (chunk) => frames.add(chunk));
  }

  #takes(fault: Fault): boolean {
    if (this.#faults[0] !== fault) return false;
    this.#faults.shift();
    return true;
  }

  #stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** Cuts what a backend sends into its messages: a type, the length of the rest, the rest. */
class Frames {
  readonly #onFrame: (type: string, frame: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(onFrame: (type: string, frame: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  add(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 5) {
      const length = 1 + this.#rest.readInt32BE(1);
      if (this.#rest.length < length) return;
      this.#onFrame(String.fromCharCode(this.#rest.readUInt8(0)), this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
    }
  }
}
