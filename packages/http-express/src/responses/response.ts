import type { JsonText } from "./json-text.js";

/** An answer, ready to be sent. */
export interface Reply<Body extends JsonText | Buffer = JsonText> {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Body;
  /** With a 5xx: what went wrong, for the host's ears only. */
  readonly error?: unknown;
}

/** What an answer that cannot be given now says about the next try, in seconds (RFC 9110, section 10.2.3). */
export const RETRY_AFTER = { "Retry-After": "1" } as const;
