import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { inflaterFor } from "./content-encoding.js";
import { Problem } from "./problem.js";

/** The client hung up in mid-body: nobody is left to answer. */
export class ClientGone extends Error {}

/**
 * Reads and inflates a body that nobody has read yet. Never holds more than `limit` bytes and a chunk; what is wrong
 * is said at once, the rest of the body unread.
 * @throws Problem 400, 413, 415 · ClientGone
 */
export async function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  const declared = Number(req.headers["content-length"]);
  if (declared > limit) throw tooLarge(`${declared} bytes`, limit);
  const inflater = inflaterFor(req.headers["content-encoding"]);
  if (inflater === undefined) return collect(req, req, limit);
  try {
    // not pipeline(): on an error it would destroy the request, and the connection for the answer with it
    return await collect(req.pipe(inflater), req, limit);
  } finally {
    req.unpipe(inflater);
    inflater.destroy();
  }
}

function collect(source: Readable, req: IncomingMessage, limit: number): Promise<Buffer> {
  if (req.destroyed) return Promise.reject(new ClientGone());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= limit) return;
      source.off("data", take).pause();
      reject(tooLarge(`more than ${limit} bytes, inflated`, limit));
    };
    source.on("data", take);
    source.on("end", () => resolve(whole(chunks, size)));
    source.on("error", (error) => reject(source === req ? new ClientGone() : notEncoded(req, error)));
    req.on("close", () => {
      if (!req.readableEnded) reject(new ClientGone());
    });
  });
}

/** Most bodies come in one piece. */
function whole(chunks: readonly Buffer[], size: number): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size);
}

function tooLarge(size: string, limit: number): Problem {
  return new Problem(413, "EVT_BODY_TOO_LARGE", `body has ${size}; the limit is ${limit}`);
}

function notEncoded({ headers }: IncomingMessage, { message }: Error): Problem {
  const detail = `body is not what Content-Encoding ${JSON.stringify(headers["content-encoding"])} says: ${message}`;
  return new Problem(400, "EVT_BODY_NOT_ENCODED", detail);
}
