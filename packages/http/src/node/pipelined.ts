import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { whenOver } from "./when-over.js";

/** Maximum number of requests of one connection that wait for a response. Browsers do not pipeline requests. */
const MOST = 32;

const waiting = new WeakMap<Socket, number>();
const counted = new WeakSet<ServerResponse>();

/**
 * Counts a request until its response is over. Returns true if its connection now has too many requests. Returns false if
 * the request was counted before.
 */
export function isOneTooMany(req: IncomingMessage, res: ServerResponse): boolean {
  if (counted.has(res)) return false;
  counted.add(res);
  const { socket } = req;
  const count = (waiting.get(socket) ?? 0) + 1;
  waiting.set(socket, count);
  whenOver(req, res, () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
  return count > MOST;
}
