import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpResponse } from "../responses/http-response.js";
import { noRoom, type Taking } from "../responses/response-budget.js";
import { cut, hold, isTaken } from "./held-response.js";

/** Up to that size the rest of a body is read away, and the connection goes on. */
const SMALL_BODY = 64 * 1024;
/** How much of a larger one is read away, and for how long, before the connection ends. */
const LINGER_BYTES = 32 * 1024 * 1024;
const LINGER_MS = 2_000;

/** A response up to that size is written in one piece, and counts as held only where its client does not take it. */
const SMALL_REPLY = 64 * 1024;
/** A larger one is written in pieces of that size: that shows how much of it the client has taken. */
const PIECE = 64 * 1024;

/** For responses that never hold much: health, problems, a server that drains. */
const uncounted: Taking = {
  pace: { totalMs: 60_000, stallMs: 15_000, bytesPerSecond: 16 * 1024 },
  share: { key: "", grow: () => null, release: () => undefined },
};

/**
 * Sends an answer, also before the request was read to its end. Where others have answered already, it stays at that.
 * A client that does not take it in time is cut.
 * @throws Problem 503 where the answer is large, and too much is held already
 */
export function send(
  req: IncomingMessage,
  res: ServerResponse,
  { status, headers, body }: HttpResponse<string | Buffer>,
  taking: Taking = uncounted,
): void {
  if (res.headersSent) return;
  if (status === 204) return sendNoContent(req, res, headers);
  const length = Buffer.byteLength(body);
  const written = req.method === "HEAD" ? "" : body;
  const lingers = leavesMuchUnread(req);
  const inPieces = lingers || (written.length > 0 && length > SMALL_REPLY);
  if (inPieces) requireRoom(taking, Buffer.byteLength(written));
  res.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": length,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...headers,
    ...(lingers && { Connection: "close" }),
  });
  const end = () => void res.end();
  if (inPieces) writeInPieces(req, res, bytesOf(written), taking, lingers ? onceReadAway(req, end) : end);
  else writeWhole(req, res, written, { ...taking, length });
  // Node reads a body away only where nobody began to
  if (!lingers && !req.complete) req.resume();
}

function sendNoContent(req: IncomingMessage, res: ServerResponse, headers: HttpResponse["headers"]): void {
  res.writeHead(204, { ...headers }).end();
  if (!isTaken(res)) hold(req, res, uncounted);
}

function requireRoom({ share }: Taking, length: number): void {
  const shortage = share.grow(length);
  if (shortage !== null) throw noRoom(shortage, share.key);
}

function writeWhole(
  req: IncomingMessage,
  res: ServerResponse,
  body: string | Buffer,
  { length, ...taking }: Taking & { readonly length: number },
): void {
  res.end(body);
  if (isTaken(res)) return;
  const shortage = taking.share.grow(length);
  hold(req, res, taking);
  if (shortage !== null) cut(req.socket);
}

/** Calls `end` when the client has taken all of the body. */
function writeInPieces(
  req: IncomingMessage,
  res: ServerResponse,
  body: Buffer,
  taking: Taking,
  end: () => void,
): void {
  const pace = hold(req, res, taking);
  let written = 0;
  const next = (error?: Error | null) => {
    if (error || res.destroyed) return;
    if (written === body.length) {
      pace.stop();
      return end();
    }
    const piece = body.subarray(written, written + PIECE);
    written += piece.length;
    res.write(piece, (failed) => {
      pace.moved(piece.length);
      next(failed);
    });
  };
  next();
}

function bytesOf(body: string | Buffer): Buffer {
  return typeof body === "string" ? Buffer.from(body) : body;
}

function leavesMuchUnread({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false;
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > SMALL_BODY;
}

/**
 * Reads the rest of a request away, and makes `end` wait for that. It closes in stages (RFC 9112, section 9.6): a connection
 * that is closed while its client still sends is reset, and the reset may take the response with it.
 */
function onceReadAway(req: IncomingMessage, end: () => void): () => void {
  let left = LINGER_BYTES;
  const readAway = new Promise<void>((resolve) => {
    const timer = setTimeout(over, LINGER_MS);
    req.on("data", discard).once("end", over).once("close", over).resume();

    function discard(chunk: Buffer): void {
      left -= chunk.length;
      if (left < 0) over();
    }
    function over(): void {
      clearTimeout(timer);
      req.off("data", discard).off("end", over).off("close", over).pause();
      resolve();
    }
  });
  return () => void readAway.then(end);
}
