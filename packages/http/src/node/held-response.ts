import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Taking } from "../responses/response-budget.js";
import { Pace } from "../sharing/pace.js";
import { isOneTooMany } from "./pipelined.js";
import { whenOver } from "./when-over.js";

/** Whether everything written has gone to the operating system. Most responses have as soon as they are ended. */
export function isTaken(res: ServerResponse): boolean {
  return res.socket !== null && res.socket.writableLength === 0;
}

/** Watches a response until its client has taken it, and cuts the connection of a client that does not. */
export function hold(req: IncomingMessage, res: ServerResponse, { pace: limits, share }: Taking): Pace {
  const { socket } = req;
  const pace = new Pace(limits, () => cut(socket));
  whenOver(req, res, () => {
    pace.stop();
    share.release();
  });
  if (isOneTooMany(req, res)) cut(socket);
  return pace;
}

/** By a reset if possible: the operating system then also drops the bytes that it holds for the client. */
export function cut(socket: Socket): void {
  const isPlainTcp = socket.remoteAddress !== undefined && !(socket as Partial<TLSSocket>).encrypted;
  if (isPlainTcp) socket.resetAndDestroy();
  else socket.destroy();
}
