import type { Issue } from "../issue.js";
import { quoted } from "../quoted.js";
import { attributeValue } from "./attribute-value.js";
import { headerValues, type MessageHeaders } from "./message-headers.js";

const PREFIX = "ce-";
const REQUIRED = ["specversion", "id", "source", "type"];
/** Attributes that no header may set, because in binary mode the body is the data. */
const RESERVED: ReadonlySet<string> = new Set(["data", "data_base64"]);
const OTHER_MODE = /^\s*application\/cloudevents/i;

/**
 * A CloudEvent in binary mode: its attributes are headers, and the body is its data (HTTP Protocol Binding for CloudEvents
 * 1.0.2, section 3.1).
 */
export interface BinaryCloudEvent {
  /** The attributes, also those that could not be decoded. `datacontenttype` has the value of `Content-Type`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The problems of the headers. If there are any, the event is rejected. */
  readonly issues: readonly Issue[];
}

/**
 * Returns the CloudEvent that these headers describe, or `undefined` if they do not describe one. Headers with at least
 * one required attribute describe a CloudEvent, unless `Content-Type` names another mode. If another required attribute
 * is missing, the event is rejected, so that evt does not read it as a different event.
 *
 * @param events - the number of events in the call. The headers can describe only one event
 */
export function binaryCloudEvent(
  headers: MessageHeaders | undefined,
  events: number,
): BinaryCloudEvent | undefined {
  if (headers === undefined) return undefined;
  const values = headerValues(headers);
  const isCloudEvent = REQUIRED.some((name) => values.has(PREFIX + name));
  const contentType = values.get("content-type")?.[0];
  if (!isCloudEvent || (contentType !== undefined && OTHER_MODE.test(contentType))) return undefined;
  const issues: Issue[] = [];
  const attributes = new Map<string, string>();
  for (const [header, given] of values) {
    const name = header.slice(PREFIX.length);
    // ignored, because in binary mode the type is in Content-Type
    if (!header.startsWith(PREFIX) || name === "datacontenttype") continue;
    const value = given.length === 1 ? attributeValue(given[0] as string) : undefined;
    if (value === undefined || RESERVED.has(name)) issues.push(unusable(name, given));
    attributes.set(name, value ?? given.join(", "));
  }
  if (contentType !== undefined) attributes.set("datacontenttype", contentType);
  for (const name of REQUIRED) if (!attributes.get(name)) issues.push(missing(name));
  if (events > 1) issues.push(oneForSeveral(events));
  return { attributes: Object.fromEntries(attributes), issues };
}

/**
 * Returns the structured form of the event: one object with the attributes and the data. If `data` is `undefined`, the
 * object has only the attributes.
 */
export function structured(
  { attributes }: BinaryCloudEvent,
  data: unknown,
): Readonly<Record<string, unknown>> {
  return data === undefined ? attributes : { ...attributes, data };
}

/** Returns the JSON text of the structured form. It contains `dataJson` unchanged. */
export function structuredText({ attributes }: BinaryCloudEvent, dataJson: string | undefined): string {
  const text = JSON.stringify(attributes);
  if (dataJson === undefined) return text;
  return `${text === "{}" ? "{" : `${text.slice(0, -1)},`}"data":${dataJson}}`;
}

function unusable(name: string, given: readonly string[]): Issue {
  const why = RESERVED.has(name)
    ? "is not allowed; the body is the data"
    : given.length > 1
      ? "is sent more than once; send it once"
      : `is ${quoted(given[0])}; percent-encode it as UTF-8, as the HTTP binding of CloudEvents says`;
  return { code: "cloud_event_invalid", path: name, message: `header ce-${name} ${why}` };
}

function oneForSeveral(events: number): Issue {
  const message = `the headers describe one CloudEvent, and the call has ${events} events; pass the whole body as one event`;
  return { code: "cloud_event_invalid", path: "", message };
}

function missing(name: string): Issue {
  const needs = REQUIRED.map((each) => `ce-${each}`).join(", ");
  const message = `header ce-${name} is missing; a CloudEvent in binary mode needs ${needs}`;
  return { code: "cloud_event_invalid", path: name, message };
}
