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
  /** The exact body, so that a test can verify it again. */
  readonly body: string;
  readonly headers: Record<string, string>;
  readonly message: { type: string; timestamp: string; data: Record<string, unknown> };
}

/**
 * A response: a status, with or without headers. `hang` never responds. `drop` closes the connection without a
 * response.
 */
type ReceiverResponse =
  | number
  | "hang"
  | "drop"
  | { readonly status: number; readonly headers: Record<string, string> };

export interface Receiver {
  readonly url: string;
  /** Messages whose signature the reference library verified. */
  readonly received: Received[];
  /** The messages that got a 2xx response. */
  readonly accepted: Received[];
  /** The reasons why other messages did not verify. */
  readonly refused: unknown[];
  /** Resolves once `count` messages were accepted. */
  accepts(count: number): Promise<void>;
  /** Resolves once `count` messages arrived. */
  receives(count: number): Promise<void>;
  /** Ends the connections of requests that hang. */
  drop(): void;
}

/** A receiver on loopback. `respond` is called with a message and the number of messages before it. */
export async function receiver(
  respond: (received: Received, before: number) => ReceiverResponse = () => 200,
): Promise<Receiver> {
  const received: Received[] = [];
  const accepted: Received[] = [];
  const refused: unknown[] = [];
  const waiting = new Set<() => void>();
  const receive = async (req: IncomingMessage, res: ServerResponse) => {
    const one = await verified(req).catch((error: unknown) => void refused.push(error));
    if (one === undefined) return void res.writeHead(401).end();
    const response = respond(one, received.length);
    if (response === 200 || response === 204) accepted.push(one);
    received.push(one);
    send(res, response);
    for (const look of waiting) look();
  };
  const server = createServer((req, res) => void receive(req, res));
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
    drop: () => server.closeAllConnections(),
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

function send(res: ServerResponse, response: ReceiverResponse): void {
  if (response === "hang") return;
  if (response === "drop") return void res.socket?.destroy();
  const { status, headers } = typeof response === "number" ? { status: response, headers: {} } : response;
  res.writeHead(status, headers).end("thanks");
}
