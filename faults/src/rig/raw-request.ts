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

/**
 * Writes the pieces until there is a response. Returns its status, or `null` if the connection closes without a
 * response.
 */
export async function statusOf(url: string, pieces: Iterable<string | Buffer>): Promise<number | null> {
  const text = await responseTo(url, pieces);
  return text === null ? null : Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
}

/**
 * Writes the pieces until there is a response. Returns the first part of the response, or `null` if the connection closes
 * without a response, or after {@link RESPONSE_MS}.
 */
export async function responseTo(url: string, pieces: Iterable<string | Buffer>): Promise<string | null> {
  const socket = await dial(url);
  const timer = setTimeout(() => socket.destroy(), RESPONSE_MS);
  const response = new Promise<string | null>((resolve) => {
    socket.once("data", (data: Buffer) => resolve(data.toString("latin1")));
    socket.once("close", () => resolve(null));
  });
  let hasResponse = false;
  void response.then(() => {
    hasResponse = true;
  });
  for (const piece of pieces) {
    if (hasResponse || socket.destroyed) break;
    if (!socket.write(piece)) await Promise.race([once(socket, "drain"), response]);
  }
  const text = await response;
  clearTimeout(timer);
  socket.destroy();
  return text;
}
