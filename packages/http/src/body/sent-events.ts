import { binaryCloudEvent } from "@evt/core/adapter";
import type { Limits } from "../limits.js";
import { Problem } from "../problem.js";
import type { BodyShare } from "./body-budget.js";
import { formJson } from "./form.js";
import {
  requireCloudEventsForm,
  requireJson,
  requireTypeOf,
  type SafelistedType,
  safelistedType,
} from "./media-type.js";
import { requireShallow } from "./nesting.js";
import { type ParsedJson, parseJson } from "./parse-json.js";
import { bodyContent, type SentBody } from "./sent-body.js";

/** The events of a request, in the order in which they were sent. */
export interface SentEvents {
  /** Whether the body was an array of events. An array of one event is a batch, too. */
  readonly isBatch: boolean;
  readonly raws: readonly unknown[];
  /** The JSON source of each event as sent. Absent if another parser has parsed the body, or if there is no body. */
  readonly rawJson?: readonly string[];
}

/**
 * Returns the events in the body of a request. The body of a CloudEvent in binary mode is the data of one event: any JSON
 * value, or `undefined` if there is no body.
 * @param accepted - Further types: `text/plain` with JSON, and a form with one event.
 * @throws Problem 400, 408, 413, 415, 501, 503 · ClientGone
 */
export async function sentEvents(
  req: SentBody,
  limits: Limits,
  share: BodyShare,
  accepted: readonly SafelistedType[] = [],
): Promise<SentEvents> {
  const asOne = binaryCloudEvent(req.headers, 1) !== undefined;
  const type = req.headers["content-type"];
  const safelisted = asOne ? undefined : safelistedType(type, accepted);
  if (safelisted === undefined && (!asOne || type !== undefined)) requireJson(type);
  const events = await eventsOf(req, limits, share, asOne, safelisted);
  if (!asOne) requireCloudEventsForm(type, events.isBatch);
  return events;
}

async function eventsOf(
  req: SentBody,
  limits: Limits,
  share: BodyShare,
  asOne: boolean,
  safelisted: SafelistedType | undefined,
): Promise<SentEvents> {
  const content = await bodyContent(req, limits, share);
  if (content.text === undefined) return fromValue(content.value, asOne, limits);
  if (safelisted === "application/x-www-form-urlencoded") return fromText(formJson(content.text), limits);
  return asOne ? fromData(content.text, req.headers["content-type"], limits) : fromText(content.text, limits);
}

function fromText(text: string, limits: Limits): SentEvents | Promise<SentEvents> {
  const parsed = parseJson(text, limits, ({ isArray, count }) => {
    if (count === 0 && !isArray) throw empty();
    checkCount(count, limits);
  });
  return parsed instanceof Promise ? parsed.then(fromParsed) : fromParsed(parsed);
}

/** Returns the data of a CloudEvent in binary mode. */
function fromData(text: string, type: string | undefined, limits: Limits): SentEvents | Promise<SentEvents> {
  requireTypeOf(text, type);
  if (text === "") return NO_DATA;
  const parsed = parseJson(text, limits, () => undefined, undefined, true);
  return parsed instanceof Promise ? parsed.then(fromParsed) : fromParsed(parsed);
}

function fromParsed({ isArray, values, sources }: ParsedJson): SentEvents {
  return { isBatch: isArray, raws: values, rawJson: sources };
}

function fromValue(body: unknown, asOne: boolean, limits: Limits): SentEvents {
  if (body === undefined) {
    if (asOne) return NO_DATA;
    throw empty();
  }
  const isBatch = !asOne && Array.isArray(body);
  const raws: readonly unknown[] = isBatch ? body : [body];
  checkCount(raws.length, limits);
  requireShallow(raws, limits);
  return { isBatch, raws };
}

const NO_DATA: SentEvents = { isBatch: false, raws: [undefined] };

function checkCount(count: number, { events }: Limits): void {
  if (count <= events) return;
  throw new Problem(413, "EVT_TOO_MANY_EVENTS", `batch has ${count} events; the limit is ${events}`);
}

function empty(): Problem {
  return new Problem(400, "EVT_BODY_EMPTY", "body is empty; send one event or an array of events");
}
