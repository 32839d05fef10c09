import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";

/** A request in the form that the routes read. An adapter converts its framework's requests to this form. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query string after the mount path: `/events?limit=10`. */
  readonly url: string;
  /** Values by lower-case name. */
  readonly headers: IncomingHttpHeaders;
  /** Header names and values alternate, in the order as sent. Empty if the host has already joined repeated headers. */
  readonly rawHeaders: readonly string[];
  /** `:id` of the path, percent-decoded. Empty if the path has none. */
  readonly id: string;
  /** Identifies the client's network. Use `addressKey` to compute it. */
  readonly addressKey: string;
  /** Whether the request has a body. `undefined` if only reading the body shows that. */
  readonly hasBody: boolean | undefined;
  /** The stream of the body's bytes. */
  readonly body: Readable;
  /** The bytes of a body that the host has read, compressed or decompressed. Used instead of `body`. */
  readonly rawBody: Buffer | undefined;
  /** The result of another body parser. Used only if `body` has been read to its end. */
  readonly parsedBody: unknown;
}
