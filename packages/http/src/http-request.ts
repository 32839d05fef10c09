import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";

/** A request as the routes read it. Requests of `node:http` and of Fetch can both be given this shape. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query string as sent: `/events?limit=10`. */
  readonly url: string;
  /** Values by lower-case name. */
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as sent. Empty if the host has joined repeated headers already. */
  readonly rawHeaders: readonly string[];
  /** `:id` of the path, percent-decoded. Empty if the path has none. */
  readonly id: string;
  /** Names the client's network; made by `addressKey`. */
  readonly addressKey: string;
  /** The body in bytes. */
  readonly body: Readable;
  /** The result of another parser. Used only if `body` has been read to its end. */
  readonly parsedBody: unknown;
}
