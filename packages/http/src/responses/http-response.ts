import type { JsonText } from "./json-text.js";

/** A response that is ready to be sent. */
export interface HttpResponse<Body extends JsonText | Buffer = JsonText> {
  readonly status: number;
  /** Added to those that every response has; `Content-Type` is JSON if absent. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Body;
  /** With a 5xx: what went wrong. For `onError`, never sent. */
  readonly error?: unknown;
}
