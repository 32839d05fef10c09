import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** The head of a POST of JSON, with further header lines. */
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

const ANSWER_MS = 20_000;

/** Writes it all, a piece at a time, and answers the status; `null` where the server hangs up without a word. */
export async function statusOf(url: string, pieces: Iterable<string | Buffer>): Promise<number | null> {
  const socket = await dial(url);
  const timer = setTimeout(() => socket.destroy(), ANSWER_MS);
  const answered = new Promise<number | null>((resolve) => {
    socket.once("data", (data: Buffer) =>
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(data.toString("latin1"))?.[1])),
    );
    socket.once("close", () => resolve(null));
  });
  let isAnswered = false;
  void answered.then(() => {
    isAnswered = true;
  });
  for (const piece of pieces) {
    if (isAnswered || socket.destroyed) break;
    if (!socket.write(piece)) await Promise.race([once(socket, "drain"), answered]);
  }
  const status = await answered;
  clearTimeout(timer);
  socket.destroy();
  return status;
}
