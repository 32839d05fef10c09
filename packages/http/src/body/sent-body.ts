import { Readable } from "node:stream";
import { TimeSlice } from "@evt/core/adapter";
import type { HttpRequest } from "../http-request.js";
import type { Limits } from "../limits.js";
import { Problem } from "../problem.js";
import type { BodyShare } from "./body-budget.js";
import { readBody, withinLimit } from "./read-body.js";
import { utf8Text } from "./utf8.js";

/** The parts of a request that may carry its body. */
export type SentBody = Pick<HttpRequest, "headers" | "body" | "rawBody" | "parsedBody">;

/** The text of a body. If another parser has parsed the body, only its value is left. */
export type BodyContent = { readonly text: string } | { readonly text?: never; readonly value: unknown };

const LARGE_BYTES = 256 * 1024;

/**
 * Returns the body of a request, or `undefined` if it has none. Reads the body if only that shows whether there is one.
 * @throws Problem 400, 408, 413, 415, 501, 503 · ClientGone
 */
export async function sentBody(
  req: HttpRequest,
  limits: Limits,
  share: BodyShare,
): Promise<SentBody | undefined> {
  if (req.hasBody !== undefined) return req.hasBody ? req : undefined;
  const { headers, body } = req;
  const rawBody = req.rawBody ?? (await readBody(req, limits, share));
  return rawBody.length === 0 ? undefined : { headers, body, rawBody, parsedBody: undefined };
}

/**
 * Returns the content of a body. If another parser has read the body, uses the bytes that the host kept, or else the
 * parser's value. If this value is bytes or a string, as from `express.raw()` or `express.text()`, it is the text.
 * @throws Problem 400, 408, 413, 415, 501, 503 · ClientGone
 */
export async function bodyContent(req: SentBody, limits: Limits, share: BodyShare): Promise<BodyContent> {
  if (req.rawBody !== undefined) return { text: utf8Text(await decoded(req.rawBody, req, limits, share)) };
  // `parsedBody` cannot be checked instead: a parser that skips the body may set `parsedBody` to `{}`
  if (!req.body.readableEnded) return { text: await textOf(await readBody(req, limits, share)) };
  const value = req.parsedBody;
  if (Buffer.isBuffer(value)) return { text: utf8Text(value) };
  return typeof value === "string" ? { text: value } : { value };
}

/**
 * Returns the decompressed bytes. Some hosts keep the bytes as sent, and others decompress them. JSON cannot be decompressed
 * by any of the encodings, so bytes that cannot be decompressed are already decompressed.
 */
async function decoded(
  rawBody: Buffer,
  { headers }: SentBody,
  limits: Limits,
  share: BodyShare,
): Promise<Buffer> {
  if (headers["content-encoding"] === undefined) return withinLimit(rawBody, limits);
  try {
    return await readBody({ headers, body: Readable.from([rawBody]) }, limits, share);
  } catch (error) {
    if (error instanceof Problem && ALREADY_DECODED.has(error.code)) return withinLimit(rawBody, limits);
    throw error;
  }
}

const ALREADY_DECODED: ReadonlySet<string> = new Set(["EVT_BODY_NOT_ENCODED", "EVT_UNSUPPORTED_ENCODING"]);

/** Decodes a body. A large body gets its own time slice, because several large bodies can arrive at the same time. */
async function textOf(bytes: Buffer): Promise<string> {
  if (bytes.length > LARGE_BYTES) await new TimeSlice().next();
  return utf8Text(bytes);
}
