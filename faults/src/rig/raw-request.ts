import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Returns the head of a POST with JSON and further headers. */
export function head(tenantId: string, ...headers: string[]): string {
  return [
    "POST /api/events HTTP/1.1",
    "Host: x",
    `X-Tenant: ${tenantId}`,
    ...(headers.some((line) => /^content-type:/i.test(line)) ? [] : ["Content-Type: application/json"]),
    ...headers,
    "",
    "",
  ].join("\r\n");
}

export async function dial(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

const RESPONSE_MS = 20_000;

/** Writes all pieces and returns the status, or `null` if the server closes the connection without a response. */
export async function statusOf(url: string, pieces: Iterable<string | Buffer>): Promise<number | null> {
  const socket = await dial(url);
  const timer = setTimeout(() => socket.destroy(), RESPONSE_MS);
  const response = new Promise<number | null>((resolve) => {
    socket.once("data", (data: Buffer) =>
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(data.toString("latin1"))?.[1])),
    );
    socket.once("close", () => resolve(null));
  });
  let hasStatus = false;
  void response.then(() => {
    hasStatus = true;
  });
  for (const piece of pieces) {
    if (hasStatus || socket.destroyed) break;
    if (!socket.write(piece)) await Promise.race([once(socket, "drain"), response]);
  }
  const status = await response;
  clearTimeout(timer);
  socket.destroy();
  return status;
}
