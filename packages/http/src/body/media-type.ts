import { Problem } from "../problem.js";

/**
 * `application/json`, and types with the suffix `+json` such as `application/cloudevents+json` (RFC 6839, section 3.1).
 */
const JSON_TYPE = /^application\/(?:json|[\w.!#$&^-]+\+json)\s*(?:;(.*))?$/i;
const CHARSET = /(?:^|;)\s*charset\s*=\s*"?([^";\s]*)/gi;

/** @throws Problem 415 if the type is not JSON in UTF-8 */
export function requireJson(contentType: string | undefined): void {
  if (contentType === "application/json") return;
  const [matched, parameters = ""] = JSON_TYPE.exec(contentType ?? "") ?? [];
  if (matched === undefined) throw unsupported(contentType);
  const [first, second] = Array.from(parameters.matchAll(CHARSET), ([, charset = ""]) =>
    charset.toLowerCase(),
  );
  // two charsets are ambiguous
  if (second !== undefined || !/^utf-?8$/.test(first ?? "utf-8")) throw unsupported(contentType);
}

/** NDJSON: one JSON value in each line. Clients use both names. */
const LINES_TYPE = /^application\/(?:x-ndjson|jsonl)\s*(?:;(.*))?$/i;

/** Returns whether the type is NDJSON. @throws Problem 415 if its charset is not UTF-8 */
export function isNdjson(contentType: string | undefined): boolean {
  const matched = LINES_TYPE.exec(contentType ?? "");
  if (matched === null) return false;
  requireJson(`application/json;${matched[1] ?? ""}`);
  return true;
}

const CLOUD_EVENTS_TYPE = /^application\/cloudevents(-batch)?\+json\s*(?:;|$)/i;

/**
 * Checks the form of a body of CloudEvents (JSON Event Format for CloudEvents 1.0.2, sections 3 and 4).
 * `application/cloudevents+json` is one event, and `application/cloudevents-batch+json` is an array. Other types may be either.
 * @throws Problem 400
 */
export function requireCloudEventsForm(contentType: string | undefined, isArray: boolean): void {
  const [type, batch] = CLOUD_EVENTS_TYPE.exec(contentType ?? "") ?? [];
  if (type === undefined || (batch !== undefined) === isArray) return;
  const detail = isArray
    ? "body is an array, but Content-Type names one CloudEvent; send application/cloudevents-batch+json"
    : "body is not an array, but Content-Type names a batch of CloudEvents; send application/cloudevents+json";
  throw new Problem(400, "EVT_INVALID_BODY", detail);
}

/** A type of body that a page of any site can send without a preflight. */
export type SafelistedType = "text/plain" | "application/x-www-form-urlencoded";

export const SAFELISTED_TYPES: readonly SafelistedType[] = [
  "text/plain",
  "application/x-www-form-urlencoded",
];

/**
 * Returns the accepted type that `Content-Type` names, or `undefined` if it names another type.
 * @throws Problem 415 if its charset is not UTF-8
 */
export function safelistedType(
  contentType: string | undefined,
  accepted: readonly SafelistedType[],
): SafelistedType | undefined {
  if (contentType === undefined || accepted.length === 0) return undefined;
  const mark = contentType.indexOf(";");
  const name = (mark === -1 ? contentType : contentType.slice(0, mark)).trim().toLowerCase();
  const type = accepted.find((each) => each === name);
  if (type !== undefined && mark !== -1) requireJson(`application/json${contentType.slice(mark)}`);
  return type;
}

/** @throws Problem 415 if there is data without a type. A message without a body needs no type. */
export function requireTypeOf(text: string, contentType: string | undefined): void {
  if (contentType === undefined && text !== "") throw unsupported(contentType);
}

function unsupported(contentType: string | undefined): Problem {
  const got =
    contentType === undefined ? "Content-Type is missing" : `Content-Type is ${JSON.stringify(contentType)}`;
  return new Problem(415, "EVT_UNSUPPORTED_MEDIA_TYPE", `${got}; send application/json in UTF-8`, {
    headers: { Accept: "application/json, application/cloudevents+json" },
  });
}
