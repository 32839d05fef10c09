import { TimeSlice } from "@evt/core/adapter";
import type { HttpRequest } from "../http-request.js";
import type { Limits } from "../limits.js";
import { Problem } from "../problem.js";
import type { BodyShare } from "./body-budget.js";
import { requireJson } from "./media-type.js";
import { requireShallow } from "./nesting.js";
import { type ParsedJson, parseJson } from "./parse-json.js";
import { readBody } from "./read-body.js";
import { utf8Text } from "./utf8.js";

const LARGE_BYTES = 256 * 1024;

/** The events of a request, in the order in which they were sent. */
export interface SentEvents {
  /** Whether the body was an array, even of one event. */
  readonly isBatch: boolean;
  readonly raws: readonly unknown[];
  /** The JSON source of each event as sent. Absent if another parser has read the body. */
  readonly rawJson?: readonly string[];
}

/**
 * Returns the events in the body of a request. If another parser has read the body, its value is used; bytes and strings,
 * such as those of `express.raw()` and `express.text()`, are parsed like an unread body.
 * @throws Problem 400, 408, 413, 415, 501, 503 · ClientGone
 */
export async function sentEvents(req: HttpRequest, limits: Limits, share: BodyShare): Promise<SentEvents> {
  requireJson(req.headers["content-type"]);
  // `parsedBody` does not tell: a parser that skipped the body sets it to `{}`
  if (!req.body.readableEnded) return fromBytes(await readBody(req, limits, share), limits);
  const body = req.parsedBody;
  if (Buffer.isBuffer(body)) return fromText(utf8Text(body), limits);
  if (typeof body === "string") return fromText(body, limits);
  return fromValue(body, limits);
}

/** Several large bodies may arrive at once: each is decoded in a time slice of its own. */
async function fromBytes(bytes: Buffer, limits: Limits): Promise<SentEvents> {
  if (bytes.length > LARGE_BYTES) await new TimeSlice().next();
  return fromText(utf8Text(bytes), limits);
}

function fromText(text: string, limits: Limits): SentEvents | Promise<SentEvents> {
  const parsed = parseJson(text, limits, ({ isArray, count }) => {
    if (count === 0 && !isArray) throw empty();
    checkCount(count, limits);
  });
  return parsed instanceof Promise ? parsed.then(fromParsed) : fromParsed(parsed);
}

function fromParsed({ isArray, values, sources }: ParsedJson): SentEvents {
  return { isBatch: isArray, raws: values, rawJson: sources };
}

function fromValue(body: unknown, limits: Limits): SentEvents {
  if (body === undefined) throw empty();
  const isBatch = Array.isArray(body);
  const raws: readonly unknown[] = isBatch ? body : [body];
  checkCount(raws.length, limits);
  requireShallow(raws, limits);
  return { isBatch, raws };
}

function checkCount(count: number, { events }: Limits): void {
  if (count <= events) return;
  throw new Problem(413, "EVT_TOO_MANY_EVENTS", `batch has ${count} events; the limit is ${events}`);
}

function empty(): Problem {
  return new Problem(400, "EVT_BODY_EMPTY", "body is empty; send one event or an array of events");
}
