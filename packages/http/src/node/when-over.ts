import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

const waitingOn = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls `over` once: when the response has been sent, or its connection is closed. A response that waits behind another
 * of its connection gets no `close` event from Node when that connection ends, so the connection is watched too.
 */
export function whenOver({ socket }: IncomingMessage, res: ServerResponse, over: () => void): void {
  if (socket.closed) return over();
  const waiting = waitingOn.get(socket) ?? watched(socket);
  const settle = () => {
    if (waiting.delete(settle)) over();
  };
  waiting.add(settle);
  res.once("close", settle);
}

/** One listener a connection, however many requests it carries at once. */
function watched(socket: Socket): Set<() => void> {
  const waiting = new Set<() => void>();
  waitingOn.set(socket, waiting);
  socket.once("close", () => {
    for (const settle of waiting) settle();
  });
  return waiting;
}
