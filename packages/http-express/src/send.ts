import type { IncomingMessage, ServerResponse } from "node:http";
import type { Reply } from "./reply.js";

/** Up to that size the rest of a body is read away, and the connection goes on. */
const SMALL_BODY = 64 * 1024;
/** How much of a larger one is read away, and for how long, before the connection ends. */
const LINGER_BYTES = 32 * 1024 * 1024;
const LINGER_MS = 2_000;

/** Sends an answer, also before the request was read to its end. Where others have answered already, it stays at that. */
export function send(req: IncomingMessage, res: ServerResponse, { status, headers, body }: Reply): void {
  if (res.headersSent) return;
  const lingers = leavesMuchUnread(req);
  res.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...headers,
    ...(lingers && { Connection: "close" }),
  });
  if (lingers) {
    linger(req, res, body);
  } else {
    res.end(body);
    // Node reads a body away only where nobody began to
    if (!req.complete) req.resume();
  }
}

function leavesMuchUnread({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false;
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > SMALL_BODY;
}

/**
 * Closes in stages (RFC 9112, section 9.6): a connection closed on a client that still sends is reset, and the reset
 * may take the answer with it. So the answer goes out, and the connection ends a little later.
 */
function linger(req: IncomingMessage, res: ServerResponse, body: string): void {
  let left = LINGER_BYTES;
  const timer = setTimeout(end, LINGER_MS);
  res.write(body);
  req.on("data", discard).once("end", end).once("close", end).resume();

  function discard(chunk: Buffer): void {
    left -= chunk.length;
    if (left < 0) end();
  }
  function end(): void {
    clearTimeout(timer);
    req.off("data", discard).off("end", end).off("close", end);
    res.end();
  }
}
