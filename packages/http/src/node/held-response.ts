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

/**
 * Watches a response until it is sent. Closes the connection if the client is too slow, or if too many of its requests wait
 * for a response.
 */
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

/**
 * Closes a connection: plain TCP by a reset, which also frees the bytes that the operating system buffers for the
 * client.
 */
export function cut(socket: Socket): void {
  const isPlainTcp = socket.remoteAddress !== undefined && !(socket as Partial<TLSSocket>).encrypted;
  if (isPlainTcp) socket.resetAndDestroy();
  else socket.destroy();
}
