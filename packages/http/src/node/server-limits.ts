import type { ServerOptions } from "node:http";

/**
 * Options for `createServer` of `node:http`. Node's own defaults give a client a minute for its headers, and check that
 * only twice a minute. Times are in milliseconds.
 *
 * @example
 * ```ts
 * const server = createServer(serverLimits, app);
 * ```
 */
export const serverLimits = Object.freeze({
  /** Time to receive the headers of a request. */
  headersTimeout: 10_000,
  /** Time to receive a whole request. */
  requestTimeout: 60_000,
  /** Time that a connection may be idle between requests. */
  keepAliveTimeout: 5_000,
  /** How often the times are checked. */
  connectionsCheckingInterval: 1_000,
  /** Total size of all headers, in bytes. */
  maxHeaderSize: 16_384,
} satisfies ServerOptions);
