import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { onTestFinished } from "vitest";

export const SECRET = `whsec_${Buffer.from("a secret of thirty-two bytes ...").toString("base64")}`;

export interface Received {
  readonly id: string;
  readonly timestamp: string;
  /** As it was sent, to be verified again. */
  readonly body: string;
  readonly headers: Record<string, string>;
  readonly message: { type: string; timestamp: string; data: Record<string, unknown> };
}

/** A status; `hang` never answers, `drop` ends the connection without an answer. */
type Answer =
  | number
  | "hang"
  | "drop"
  | { readonly status: number; readonly headers: Record<string, string> };

export interface Receiver {
  readonly url: string;
  /** What arrived, its signature found right by the reference library. */
  readonly received: Received[];
  /** Those of them that were answered with a 2xx. */
  readonly accepted: Received[];
  /** What arrived and was signed wrongly. */
  readonly refused: unknown[];
  /** Resolves when so many were accepted. */
  accepts(count: number): Promise<void>;
  /** Resolves when so many arrived. */
  receives(count: number): Promise<void>;
}

/** A receiver on loopback; `answer` is asked with what arrived and how many had before. */
export async function receiver(
  answer: (received: Received, before: number) => Answer = () => 200,
): Promise<Receiver> {
  const received: Received[] = [];
  const accepted: Received[] = [];
  const refused: unknown[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (req, res) => {
    const one = await verified(req).catch((error: unknown) => void refused.push(error));
    if (one === undefined) return void res.writeHead(401).end();
    const given = answer(one, received.length);
    if (given === 200 || given === 204) accepted.push(one);
    received.push(one);
    respond(res, given);
    for (const look of waiting) look();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  const reach = (list: Received[], count: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (list.length >= count) resolve();
      };
      waiting.add(look);
      look();
    });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    accepted,
    refused,
    accepts: (count) => reach(accepted, count),
    receives: (count) => reach(received, count),
  };
}

async function verified(req: IncomingMessage): Promise<Received> {
  const body = await text(req);
  const headers = req.headers as Record<string, string>;
  const message = new Webhook(SECRET).verify(body, headers) as Received["message"];
  return {
    id: headers["webhook-id"] ?? "",
    timestamp: headers["webhook-timestamp"] ?? "",
    body,
    headers,
    message,
  };
}

function respond(res: ServerResponse, answer: Answer): void {
  if (answer === "hang") return;
  if (answer === "drop") return void res.socket?.destroy();
  const { status, headers } = typeof answer === "number" ? { status: answer, headers: {} } : answer;
  res.writeHead(status, headers).end("thanks");
}
