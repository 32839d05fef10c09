import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

const waitingOn = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls `over` once, when the response has been sent or its connection is closed. Listens to the connection as well, because
 * Node emits no `close` event for a response that still waits for an earlier response of a closed connection.
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

/** Adds one listener to a connection, for all of its concurrent requests. */
function watched(socket: Socket): Set<() => void> {
  const waiting = new Set<() => void>();
  waitingOn.set(socket, waiting);
  socket.once("close", () => {
    for (const settle of waiting) settle();
  });
  return waiting;
}
