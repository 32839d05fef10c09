import type { HttpRequest } from "../http-request.js";
import type { Limits } from "../limits.js";
import type { BodyShare } from "./body-budget.js";
import { requireJson } from "./media-type.js";
import { requireShallow } from "./nesting.js";
import { parseJson } from "./parse-json.js";
import { readBody } from "./read-body.js";
import { utf8Text } from "./utf8.js";

/**
 * Returns the JSON value of a body that is not an event, or `undefined` if the request has no body.
 * @throws Problem 400, 408, 413, 415, 501, 503 · ClientGone
 */
export async function jsonBody(req: HttpRequest, limits: Limits, share: BodyShare): Promise<unknown> {
  const { "content-length": length = "0", "transfer-encoding": chunked } = req.headers;
  if (chunked === undefined && Number(length) === 0) return undefined;
  requireJson(req.headers["content-type"]);
  if (!req.body.readableEnded) return parsed(utf8Text(await readBody(req, limits, share)), limits);
  const body = req.parsedBody;
  if (Buffer.isBuffer(body)) return parsed(utf8Text(body), limits);
  if (typeof body === "string") return parsed(body, limits);
  requireShallow([body], limits);
  return body;
}

async function parsed(text: string, limits: Limits): Promise<unknown> {
  const { values } = await parseJson(text, limits, () => undefined, undefined, true);
  return values[0];
}
