import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { DeliveryLimits } from "../responses/response-budget.js";
import { Pace } from "../sharing/pace.js";
import { isOneTooMany } from "./pipelined.js";
import { whenOver } from "./when-over.js";

/** Whether the operating system has taken everything that was written. For most responses that is so at once. */
export function isTaken(res: ServerResponse): boolean {
  return res.socket !== null && res.socket.writableLength === 0;
}

/** Watches a response until its client has received it. Cuts the connection of a client that is too slow. */
export function hold(
  req: IncomingMessage,
  res: ServerResponse,
  { pace: limits, share }: DeliveryLimits,
): Pace {
  const { socket } = req;
  const pace = new Pace(limits, () => cut(socket));
  whenOver(req, res, () => {
    pace.stop();
    share.release();
  });
  if (isOneTooMany(req, res)) cut(socket);
  return pace;
}

/** Closes a connection, by a reset if possible: the operating system then also drops the bytes that it holds for the client. */
export function cut(socket: Socket): void {
  const isPlainTcp = socket.remoteAddress !== undefined && !(socket as Partial<TLSSocket>).encrypted;
  if (isPlainTcp) socket.resetAndDestroy();
  else socket.destroy();
}
