import type { JsonText } from "./json-text.js";

/** A response whose length is not known when it begins. */
export interface StreamedResponse {
  readonly status: number;
  /** Added to the headers that every response has. Must have a `Content-Type`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parts of the body. The next part is requested after the previous one was sent. */
  readonly parts: AsyncIterable<string>;
}

/** A response that is ready to be sent. */
export interface HttpResponse<Body extends JsonText | Buffer = JsonText> {
  readonly status: number;
  /** Added to the headers that every response has. Without `Content-Type`, the type is JSON. */
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text, unless `Content-Type` is another type. Empty if the status is 204 or 304. */
  readonly body: Body;
  /** The error that led to a 5xx. Passed to `onError`, and never sent. */
  readonly error?: unknown;
}

/** Returns whether a status is 204 or 304. Such a response has no body (RFC 9110, section 6.4.1). */
export function isWithoutContent(status: number): boolean {
  return status === 204 || status === 304;
}
