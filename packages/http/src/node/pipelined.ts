import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { whenOver } from "./when-over.js";

/** How many requests of one connection may be unanswered: browsers pipeline none, and other clients a dozen. */
const MOST = 32;

const unanswered = new WeakMap<Socket, number>();
const counted = new WeakSet<ServerResponse>();

/** Counts a request until it is over. Returns whether its connection has too many now. */
export function isOneTooMany(req: IncomingMessage, res: ServerResponse): boolean {
  if (counted.has(res)) return false;
  counted.add(res);
  const { socket } = req;
  const count = (unanswered.get(socket) ?? 0) + 1;
  unanswered.set(socket, count);
  whenOver(req, res, () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
  return count > MOST;
}
