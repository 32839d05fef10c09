import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** Serves on a free port of loopback until the test ends. */
export function listen(listener: RequestListener): Promise<number> {
  return listenOn(createServer(listener));
}

/** Starts a server on a free port of loopback. Stops it when the test ends. */
export async function listenOn(server: Server): Promise<number> {
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Opens a bare connection, for what `fetch` refuses to send. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** Sends bytes on a bare connection and returns everything that arrives until the server closes it. */
export async function replyTo(port: number, request: string | Buffer): Promise<string> {
  const socket = await dial(port);
  socket.write(request);
  return text(socket);
}
