import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { Pace, type PaceLimits } from "../sharing/pace.js";
import type { Share } from "../sharing/shares.js";
import { isOneTooMany } from "./pipelined.js";
import { whenOver } from "./when-over.js";

/** What a response that its client has not taken yet is held by. */
export interface Taking {
  readonly pace: PaceLimits;
  /** Of the bytes of responses that are held at once. */
  readonly share: Share;
}

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

/** By a reset where there is a choice: the operating system then drops what it holds for the client, too. */
export function cut(socket: Socket): void {
  const isPlainTcp = socket.remoteAddress !== undefined && !(socket as Partial<TLSSocket>).encrypted;
  if (isPlainTcp) socket.resetAndDestroy();
  else socket.destroy();
}
