import type { Readable } from "node:stream";
import type { HttpRequest } from "../http-request.js";
import type { Limits } from "../limits.js";
import { Problem } from "../problem.js";
import { Pace, type TooSlow } from "../sharing/pace.js";
import type { BodyShare } from "./body-budget.js";
import { type Inflater, inflaterFor, isCostly } from "./content-encoding.js";
import { NotPacked, PackedBody } from "./packed-body.js";

export type BodyLimits = Pick<Limits, "bytes" | "bodyMs" | "bodyStallMs" | "bytesPerSecond">;

/** Thrown if the client disconnects before its body has arrived. Then no response can be sent. */
export class ClientGone extends Error {}

/**
 * Reads and decompresses an unread body. Throws as soon as the body exceeds a limit, without reading the rest.
 * @throws Problem 400, 408, 413, 415, 501, 503 · ClientGone
 */
export async function readBody(
  { headers, body: sent }: Pick<HttpRequest, "headers" | "body">,
  limits: BodyLimits,
  share: BodyShare,
): Promise<Buffer> {
  const limit = limits.bytes;
  const declared = Number(headers["content-length"] ?? 0);
  if (declared > limit) throw tooLarge(`${declared} bytes`, limit);
  requireChunked(headers["transfer-encoding"]);
  share.foresee(declared);
  const encoding = headers["content-encoding"];
  const inflater = inflaterFor(encoding);
  if (inflater === undefined) return collect(sent, sent, limits, share);
  const packed = new PackedBody(inflater);
  try {
    const body = await inflate(inflater, packed, isCostly(encoding), sent, limits, share);
    packed.requireWhole();
    return body;
  } catch (error) {
    throw error instanceof NotPacked ? notEncoded(encoding, error) : error;
  } finally {
    inflater.destroy();
  }
}

async function inflate(
  inflater: Inflater,
  packed: PackedBody,
  isCostly: boolean,
  sent: Readable,
  limits: BodyLimits,
  share: BodyShare,
): Promise<Buffer> {
  if (isCostly) {
    // the whole body is read first, so that a slow client does not occupy a turn
    const bytes = await collect(sent, sent, limits, share);
    return share.inflate(() => {
      packed.end(bytes);
      return collect(inflater, sent, limits, share, bytes.length);
    });
  }
  // pipeline() would destroy the request on an error, and so close the connection before the response is sent
  const letGo = packed.pipe(sent);
  try {
    const body = await collect(inflater, sent, limits, share);
    if (!sent.readableEnded) await requireEnd(sent, packed, limits, share);
    return body;
  } finally {
    letGo();
  }
}

/** Checks that no byte follows the end of the encoded data. */
export async function requireEnd(
  sent: Readable,
  packed: PackedBody,
  limits: BodyLimits,
  share: BodyShare,
): Promise<void> {
  try {
    await collect(sent.resume(), sent, { ...limits, bytes: 0 }, share);
  } catch (error) {
    packed.requireWhole();
    throw error;
  }
}

/** @param held - the number of other bytes of this body that stay in memory until all of `source` is read */
function collect(
  source: Readable,
  sent: Readable,
  limits: BodyLimits,
  share: BodyShare,
  held = 0,
): Promise<Buffer> {
  if (sent.destroyed && !sent.readableEnded) return Promise.reject(new ClientGone());
  let arriving: Arriving | undefined;
  const reading = new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (problem: unknown) => {
      source.off("data", take).pause();
      chunks.length = 0;
      reject(problem);
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > limits.bytes)
        return stop(
          tooLarge(`more than ${limits.bytes} bytes${source === sent ? "" : " when inflated"}`, limits.bytes),
        );
      try {
        share.grow(held + size);
      } catch (error) {
        stop(error);
      }
    };
    arriving = watchArrival(sent, limits, stop);
    source.on("data", take);
    source.on("end", () => resolve(whole(chunks, size)));
    source.on("error", (error) => reject(source === sent ? new ClientGone() : new NotPacked(error.message)));
    sent.on("close", () => {
      if (!sent.readableEnded) reject(new ClientGone());
    });
  });
  return reading.finally(() => arriving?.stop());
}

interface Arriving {
  stop(): void;
}

/** Limits the pace of the sent bytes, before decompression. If the whole body has already arrived, only the total time counts. */
function watchArrival(sent: Readable, limits: BodyLimits, tooLate: (problem: Problem) => void): Arriving {
  const { bodyMs, bodyStallMs, bytesPerSecond } = limits;
  const stallMs = sent.readableEnded ? bodyMs : bodyStallMs;
  const pace = new Pace({ totalMs: bodyMs, stallMs, bytesPerSecond }, (which) =>
    tooLate(tooSlow(which, limits)),
  );
  const moved = (chunk: Buffer) => pace.moved(chunk.length);
  sent.on("data", moved);
  return {
    stop: () => {
      sent.off("data", moved);
      pace.stop();
    },
  };
}

/** Concatenates the chunks. Most bodies arrive in one chunk, which is returned without a copy. */
function whole(chunks: readonly Buffer[], size: number): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size);
}

/** @throws Problem 413 if a body that the host has read is too large */
export function withinLimit(bytes: Buffer, limits: Pick<BodyLimits, "bytes">): Buffer {
  if (bytes.length > limits.bytes) throw tooLarge(`${bytes.length} bytes`, limits.bytes);
  return bytes;
}

/** Refuses every transfer coding except `chunked`, the only one that Node decodes (RFC 9112, section 6.1). */
export function requireChunked(coding: string | undefined): void {
  if (coding === undefined || coding.trim().toLowerCase() === "chunked") return;
  const detail = `Transfer-Encoding is ${JSON.stringify(coding)}; send chunked, and compress by Content-Encoding`;
  throw new Problem(501, "EVT_UNSUPPORTED_ENCODING", detail);
}

export function tooLarge(size: string, limit: number): Problem {
  return new Problem(413, "EVT_BODY_TOO_LARGE", `body has ${size}; the limit is ${limit}`);
}

export function tooSlow(which: TooSlow, { bodyMs, bodyStallMs, bytesPerSecond }: BodyLimits): Problem {
  const how =
    which === "total"
      ? `was not sent within ${bodyMs} ms`
      : `was sent at less than ${bytesPerSecond} bytes per second for ${bodyStallMs} ms`;
  return new Problem(408, "EVT_BODY_TOO_SLOW", `body ${how}; nothing was stored: send the request again`, {
    headers: { Connection: "close" },
  });
}

export function notEncoded(encoding: string | undefined, { message }: Error): Problem {
  const detail = `body cannot be decoded as Content-Encoding ${JSON.stringify(encoding)}: ${message}`;
  return new Problem(400, "EVT_BODY_NOT_ENCODED", detail);
}
