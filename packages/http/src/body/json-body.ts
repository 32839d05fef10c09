import type { HttpRequest } from "../http-request.js";
import type { Limits } from "../limits.js";
import type { BodyShare } from "./body-budget.js";
import { requireJson } from "./media-type.js";
import { requireShallow } from "./nesting.js";
import { parseJson } from "./parse-json.js";
import { bodyContent, sentBody } from "./sent-body.js";

/**
 * Returns the JSON value of a body that is not an event, or `undefined` if the request has no body.
 * @throws Problem 400, 408, 413, 415, 501, 503 · ClientGone
 */
export async function jsonBody(req: HttpRequest, limits: Limits, share: BodyShare): Promise<unknown> {
  const sent = await sentBody(req, limits, share);
  if (sent === undefined) return undefined;
  requireJson(req.headers["content-type"]);
  const content = await bodyContent(sent, limits, share);
  if (content.text !== undefined) return parsed(content.text, limits);
  requireShallow([content.value], limits);
  return content.value;
}

async function parsed(text: string, limits: Limits): Promise<unknown> {
  const { values } = await parseJson(text, limits, () => undefined, undefined, true);
  return values[0];
}
