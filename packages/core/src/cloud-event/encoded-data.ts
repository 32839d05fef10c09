import type { Issue } from "../issue.js";
import { parseExactly } from "../json/parse-exactly.js";
import { utf8OfBase64 } from "./base64.js";

type CloudEventObject = Readonly<Record<string, unknown>>;

const JSON_TYPE = /^\s*[^\s/;]+\/(?:json|[^\s;]+\+json)\s*(?:;|$)/i;
const MEMBER = "data_base64";

/**
 * Returns a CloudEvent in structured mode. If its `data_base64` is JSON and `datacontenttype` names no other type, the
 * result has the decoded JSON as `data` (JSON Event Format for CloudEvents 1.0.2, section 3.1). An event with data of
 * another type is returned unchanged. Returns an issue if `datacontenttype` says JSON but the data is not JSON, or if the
 * event also has `data`.
 */
export function withDecodedData(
  event: CloudEventObject,
): { readonly event: CloudEventObject } | { readonly issue: Issue } {
  const encoded = Object.hasOwn(event, MEMBER) ? event[MEMBER] : undefined;
  if (encoded === undefined || encoded === null) return { event };
  const type = Object.hasOwn(event, "datacontenttype") ? event["datacontenttype"] : undefined;
  const isTyped = typeof type === "string";
  if (isTyped && !JSON_TYPE.test(type)) return { event };
  if (Object.hasOwn(event, "data") && event["data"] !== null)
    return invalid("was sent together with data; send one of them");
  const data = decoded(encoded);
  if (data !== undefined) return { event: { ...event, data } };
  return isTyped
    ? invalid(`is not Base64 of JSON, but datacontenttype is ${JSON.stringify(type)}`)
    : { event };
}

/** Returns `undefined` if the value is not Base64 of JSON in UTF-8. */
function decoded(encoded: unknown): unknown {
  const text = typeof encoded === "string" ? utf8OfBase64(encoded) : undefined;
  if (text === undefined) return undefined;
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}

function invalid(why: string): { readonly issue: Issue } {
  return { issue: { code: "cloud_event_data_invalid", path: MEMBER, message: `${MEMBER} ${why}` } };
}
