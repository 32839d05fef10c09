import type { ServerOptions } from "node:http";

/**
 * Limits for the server in front of the router: `createServer(serverLimits, app)`. Node's own let a client take a minute
 * for its headers, and look at that twice a minute only. Times are in milliseconds.
 */
export const serverLimits = Object.freeze({
  /** For the headers of a request. */
  headersTimeout: 10_000,
  /** For a whole request. */
  requestTimeout: 60_000,
  /** Between requests of a connection. */
  keepAliveTimeout: 5_000,
  /** How often these are looked at. */
  connectionsCheckingInterval: 1_000,
  /** Bytes of all headers together. */
  maxHeaderSize: 16_384,
} satisfies ServerOptions);
