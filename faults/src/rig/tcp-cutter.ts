import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/**
 * A proxy between senders and the server. To lose a response, it closes the connection when a part of the response
 * arrives.
 */
export class TcpCutter {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  cuts = 0;
  /** Called at each part of a response. If it returns true, this part and the rest of the response are lost. */
  loses: () => boolean = () => false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(port: () => number): Promise<TcpCutter> {
    const server = createServer();
    const cutter = new TcpCutter(server);
    server.on("connection", (client) => cutter.#join(client, connect(port(), "127.0.0.1")));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return cutter;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #join(client: Socket, server: Socket): void {
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    client.pipe(server);
    server.on("data", (response) => {
      if (!this.loses()) return client.write(response);
      this.cuts++;
      client.destroy();
      server.destroy();
      return false;
    });
  }
}
