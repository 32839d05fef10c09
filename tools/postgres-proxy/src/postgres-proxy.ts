import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { Frames } from "./frames.js";

/**
 * A fault of one statement. `lost request`: the connection is closed before Postgres gets the statement. `lost
 * response`: the connection is closed after Postgres has executed the statement, before any of its response is
 * forwarded.
 */
export type Fault = "lost request" | "lost response";

const COMMAND_COMPLETE = "C";
const READY_FOR_QUERY = "Z";

/** A proxy in front of Postgres. It forwards everything except at the faults that a test requests. */
export class PostgresProxy {
  readonly #server: Server;
  #url: string;
  readonly #sockets = new Set<Socket>();
  #faults: Fault[] = [];
  #stalled = false;
  /** The number of connections that it has closed for a fault. */
  cuts = 0;
  /**
   * Decides for each statement whether a fault happens, if `next` has set none. `done` is the response's command tag,
   * such as `COPY 12`, or `null` before the statement is sent.
   */
  befalls: (fault: Fault, done: string | null) => boolean = () => false;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.#url = url;
  }

  /** Starts a proxy for the Postgres of a connection string. */
  static async start(url: string): Promise<PostgresProxy> {
    const server = createServer();
    const proxy = new PostgresProxy(server, url);
    server.on("connection", (client) => {
      const { hostname, port } = new URL(proxy.#url);
      proxy.#join(client, connect(Number(port), hostname));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** The proxy's connection string. */
  get url(): string {
    const url = new URL(this.#url);
    url.hostname = "127.0.0.1";
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** Sends new connections to another connection string's Postgres, with the same user and password. */
  moveTo(url: string): void {
    this.#url = url;
  }

  /** Sets the faults of the next statements, one for each statement, in this order. */
  next(...faults: Fault[]): void {
    this.#faults.push(...faults);
  }

  /** Stops forwarding in both directions, but keeps all connections open. */
  stall(): void {
    this.#stalled = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** Forwards again, beginning with the waiting bytes. */
  resume(): void {
    this.#stalled = false;
    for (const socket of this.#sockets) socket.resume();
  }

  stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
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
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    let open = false;
    client.on("data", (chunk) => {
      if (open && this.#takes("lost request")) return cut();
      backend.write(chunk);
    });
    let losing = false;
    const frames = new Frames((type, frame) => {
      if (open && type === COMMAND_COMPLETE && !losing && this.#takes("lost response", frame)) losing = true;
      if (losing && type === READY_FOR_QUERY) return cut();
      if (!losing) client.write(frame);
      if (type === READY_FOR_QUERY) open = true;
    });
    backend.on("data", (chunk) => frames.add(chunk));
    if (this.#stalled) for (const socket of [client, backend]) socket.pause();
  }

  #takes(fault: Fault, complete?: Buffer): boolean {
    // a type, a length, a string that ends with NUL
    const done = complete?.toString("latin1", 5, complete.length - 1) ?? null;
    if (this.#faults.length === 0) return this.befalls(fault, done);
    if (this.#faults[0] !== fault) return false;
    this.#faults.shift();
    return true;
  }
}
