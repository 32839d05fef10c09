import type { IncomingMessage, ServerResponse } from "node:http";
import { type HttpResponse, isWithoutContent } from "../responses/http-response.js";
import { type DeliveryLimits, requireRoom, uncounted } from "../responses/response-budget.js";
import { responseHeaders } from "../responses/response-headers.js";
import { cut, hold, isTaken } from "./held-response.js";

/** After an unread body, the connection stays open only if the body's `Content-Length` is at most this many bytes. */
const SMALL_BODY = 64 * 1024;
/**
 * Of any other unread body, at most this many bytes are discarded, for at most this time. Then the connection is
 * closed.
 */
const LINGER_BYTES = 32 * 1024 * 1024;
const LINGER_MS = 2_000;

/**
 * A response up to this size is usually written in one piece. It counts against the memory for responses only if its
 * client does not receive it immediately.
 */
const SMALL_REPLY = 64 * 1024;
/** A larger response is written in pieces of this size, so that `Pace` can measure the progress. */
const PIECE = 64 * 1024;

/**
 * Sends a response, even if the request has not been read to its end. Does nothing if a response was already begun. If the
 * client receives the response too slowly, closes the connection.
 * @throws Problem 503 if the response has to be written in pieces and does not fit into the memory for responses
 */
export function send(
  req: IncomingMessage,
  res: ServerResponse,
  response: HttpResponse<string | Buffer>,
  limits: DeliveryLimits = uncounted,
): void {
  const { status, body } = response;
  if (res.headersSent) return;
  if (isWithoutContent(status)) return sendNoContent(req, res, response);
  const length = Buffer.byteLength(body);
  const written = req.method === "HEAD" ? "" : body;
  const lingers = leavesMuchUnread(req);
  const inPieces = lingers || (written.length > 0 && length > SMALL_REPLY);
  if (inPieces) requireRoom(limits, Buffer.byteLength(written));
  res.writeHead(status, { ...responseHeaders(response, length), ...(lingers && { Connection: "close" }) });
  const end = () => void res.end();
  if (inPieces) writeInPieces(req, res, bytesOf(written), limits, lingers ? afterDiscarding(req, end) : end);
  else writeWhole(req, res, written, { ...limits, length });
  // if reading has begun, Node does not discard the rest of the body itself
  if (!lingers && !req.complete) req.resume();
}

function sendNoContent(
  req: IncomingMessage,
  res: ServerResponse,
  { status, headers }: HttpResponse<string | Buffer>,
): void {
  res.writeHead(status, { ...headers }).end();
  if (!isTaken(res)) hold(req, res, uncounted);
}

function writeWhole(
  req: IncomingMessage,
  res: ServerResponse,
  body: string | Buffer,
  { length, ...limits }: DeliveryLimits & { readonly length: number },
): void {
  res.end(body);
  if (isTaken(res)) return;
  const shortage = limits.share.grow(length);
  hold(req, res, limits);
  if (shortage !== null) cut(req.socket);
}

/** Writes the body, and calls `end` when the operating system has accepted all of it. */
function writeInPieces(
  req: IncomingMessage,
  res: ServerResponse,
  body: Buffer,
  limits: DeliveryLimits,
  end: () => void,
): void {
  const pace = hold(req, res, limits);
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
 * Begins to discard the rest of a request. Returns a function that calls `end` when the discarding has ended. If a server
 * closes a connection while the client still sends, the client can lose the response (RFC 9112, section 9.6).
 */
export function afterDiscarding(req: IncomingMessage, end: () => void): () => void {
  let left = LINGER_BYTES;
  const discarded = new Promise<void>((resolve) => {
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
  return () => void discarded.then(end);
}
