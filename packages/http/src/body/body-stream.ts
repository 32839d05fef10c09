import type { Readable } from "node:stream";
import type { Limits } from "../limits.js";
import { Problem } from "../problem.js";
import type { BodyShare } from "./body-budget.js";
import { type Inflater, inflaterFor, isCostly } from "./content-encoding.js";
import { NotPacked, PackedBody } from "./packed-body.js";
import { ClientGone, notEncoded, requireChunked, requireEnd, tooLarge, tooSlow } from "./read-body.js";
import { bodyContent, type SentBody } from "./sent-body.js";

/**
 * Yields the decompressed bytes of a body while they arrive. Throws if the body exceeds `limits.streamBytes` or arrives too
 * slowly. The time limit runs only while the caller waits for bytes.
 * @throws Problem 400, 408, 413, 415, 501 · ClientGone
 */
export async function* bodyStream(req: SentBody, limits: Limits, share: BodyShare): AsyncGenerator<Buffer> {
  if (req.rawBody !== undefined || req.body.readableEnded) {
    const { text = "" } = await bodyContent(req, limits, share);
    yield Buffer.from(text);
    return;
  }
  requireChunked(req.headers["transfer-encoding"]);
  const inflater = inflaterOf(req.headers["content-encoding"]);
  let size = 0;
  for await (const chunk of inflater === undefined
    ? paced(req.body, req.body, limits)
    : inflated(req, inflater, limits, share)) {
    size += chunk.length;
    if (size > limits.streamBytes)
      throw tooLarge(`more than ${limits.streamBytes} bytes`, limits.streamBytes);
    yield chunk;
  }
}

/** Refuses Brotli, because its decoder needs much memory until the stream ends. @throws Problem 415 for Brotli and unknown encodings */
function inflaterOf(encoding: string | undefined): Inflater | undefined {
  if (!isCostly(encoding)) return inflaterFor(encoding);
  const detail = "Content-Encoding is br; compress NDJSON with gzip or deflate";
  throw new Problem(415, "EVT_UNSUPPORTED_ENCODING", detail, {
    headers: { "Accept-Encoding": "gzip, deflate" },
  });
}

async function* inflated(
  { headers, body: sent }: SentBody,
  inflater: Inflater,
  limits: Limits,
  share: BodyShare,
): AsyncGenerator<Buffer> {
  const packed = new PackedBody(inflater);
  // without a listener, an error would end the process while no caller waits for bytes
  inflater.on("error", () => undefined);
  const letGo = packed.pipe(sent);
  const gone = () => void inflater.destroy(new ClientGone());
  sent.once("close", () => {
    if (!sent.readableEnded) gone();
  });
  sent.once("error", gone);
  try {
    yield* paced(inflater, sent, limits);
    packed.requireWhole();
    if (!sent.readableEnded) await requireEnd(sent, packed, limits, share);
  } catch (error) {
    if (error instanceof Problem || error instanceof ClientGone) throw error;
    if (sent.destroyed && !sent.readableEnded) throw new ClientGone();
    throw notEncoded(headers["content-encoding"], error instanceof NotPacked ? error : (error as Error));
  } finally {
    letGo();
    inflater.destroy();
  }
}

/** Yields the bytes of `source`, which is `sent` or its decoder. Limits the time that it waits for bytes of `sent`. */
async function* paced(source: Readable, sent: Readable, limits: Limits): AsyncGenerator<Buffer> {
  const patience = new Patience(limits);
  const count = (chunk: Buffer) => patience.earn(chunk.length);
  if (source !== sent) sent.on("data", count);
  const chunks = source.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const { done, value } = await patience.wait(nextOf(chunks, source, sent));
      if (done) return;
      if (source === sent) count(value);
      yield value;
    }
  } finally {
    sent.off("data", count);
    void chunks.return?.(undefined);
  }
}

async function nextOf(
  chunks: AsyncIterator<Buffer>,
  source: Readable,
  sent: Readable,
): Promise<IteratorResult<Buffer>> {
  try {
    return await chunks.next();
  } catch (error) {
    throw source === sent ? new ClientGone() : error;
  }
}

/** The remaining time that the reader of a body may wait. Waiting reduces this time, and received bytes increase it. */
class Patience {
  readonly #limits: Limits;
  #leftMs: number;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#leftMs = limits.bodyStallMs;
  }

  earn(bytes: number): void {
    const { bodyStallMs, bytesPerSecond } = this.#limits;
    this.#leftMs = Math.min(bodyStallMs, this.#leftMs + (bytes / bytesPerSecond) * 1_000);
  }

  /** @throws Problem 408 if nothing arrives in time */
  async wait<T>(next: Promise<T>): Promise<T> {
    const begin = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(tooSlow("stall", this.#limits)), Math.max(1, this.#leftMs));
    });
    try {
      return await Promise.race([next, late]);
    } finally {
      clearTimeout(timer);
      next.catch(() => undefined);
      this.#leftMs -= performance.now() - begin;
    }
  }
}
