import type { ServerOptions } from "node:http";

/**
 * Options for `createServer` of `node:http`. Times are in milliseconds. Node's own defaults are too generous: a client has
 * one minute for its headers, and Node checks that only twice a minute.
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
  /** How often Node checks these times. */
  connectionsCheckingInterval: 1_000,
  /** Total size of all headers, in bytes. */
  maxHeaderSize: 16_384,
} satisfies ServerOptions);
