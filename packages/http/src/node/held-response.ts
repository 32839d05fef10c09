import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { DeliveryLimits } from "../responses/response-budget.js";
import { Pace } from "../sharing/pace.js";
import { isOneTooMany } from "./pipelined.js";
import { whenOver } from "./when-over.js";

/** Returns whether the operating system has accepted all written bytes. It accepts most responses immediately. */
export function isTaken(res: ServerResponse): boolean {
  return res.socket !== null && res.socket.writableLength === 0;
}

/** Watches a response until its client has received it. If the client is too slow, closes the connection. */
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

/** Closes a connection, by a reset if possible. A reset also frees the bytes that the operating system holds for the client. */
export function cut(socket: Socket): void {
  const isPlainTcp = socket.remoteAddress !== undefined && !(socket as Partial<TLSSocket>).encrypted;
  if (isPlainTcp) socket.resetAndDestroy();
  else socket.destroy();
}
