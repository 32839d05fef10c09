import { isEvtError } from "@evt/core";
import { isProblem } from "../problem.js";
import type { HttpResponse, StreamedResponse } from "../responses/http-response.js";
import { problemOf } from "../responses/problem-of.js";

/** The request that `admit` counts. */
export interface RateLimitedRequest {
  /** The owner of the budget: `tenant ` and the tenant's id, or `address ` and an IPv4 address or the /64 network of an IPv6 address. */
  readonly key: string;
  /** The tenant of the caller. `null` with `authenticate: "open"`, or if authentication failed. */
  readonly tenantId: string | null;
  /** The client that the caller is bound to, or `null`. */
  readonly clientId: string | null;
  /** Whether the route needs the scope `ingest`. Such a request needs a budget of events, too. */
  readonly sendsEvents: boolean;
}

/** The result of an admitted request. */
export interface ServedRequest {
  /** Whether the request failed with a 503, so that the client should send it again. Such a request should not use the budget. */
  readonly unavailable: boolean;
}

/** The budget of events of one request. */
export interface EventBudget {
  /** Called with the number of processed events. In a stream of events, called for each chunk. */
  addProcessed(events: number): void;
  /** Returns whether budget is left. While it returns `false`, a stream of events ends before its next chunk. */
  hasLeft(): boolean;
}

/** An admitted request. The methods must not throw. */
export interface AdmittedRequest extends EventBudget {
  /** Returns headers for the response, such as `RateLimit`. Called after `finish`, unless an error was thrown. */
  headers(): Readonly<Record<string, string>>;
  /**
   * Called once, before the response is sent. The rest of a stream of events still uses the budget. Not called if authentication
   * failed with 401.
   */
  finish(served: ServedRequest): void;
}

/** Limits how often a caller may send requests and events. */
export interface RateLimits {
  /**
   * Counts a request. Called after authentication, before the router reads the body. Also called if authentication failed with 401.
   * @throws Problem 429 if the caller has no budget left
   */
  admit(request: RateLimitedRequest): AdmittedRequest | Promise<AdmittedRequest>;
}

const UNLIMITED: EventBudget = { addProcessed: () => undefined, hasLeft: () => true };

/**
 * Returns the response of `serve`, with the headers of the rate limits.
 * @throws Problem 429 if the caller has no budget left
 */
export async function rateLimited(
  rateLimits: RateLimits | undefined,
  request: RateLimitedRequest,
  serve: (eventBudget: EventBudget) => Promise<HttpResponse | StreamedResponse>,
): Promise<HttpResponse | StreamedResponse> {
  if (rateLimits === undefined) return serve(UNLIMITED);
  const admitted = await rateLimits.admit(request);
  try {
    const response = await serve(admitted);
    admitted.finish({ unavailable: response.status === 503 });
    return { ...response, headers: { ...response.headers, ...admitted.headers() } };
  } catch (error) {
    // a request whose client has disconnected still counts
    const unavailable = problemOf(error).status === 503 && !isEvtError(error, "EVT_ABORTED");
    admitted.finish({ unavailable });
    throw error;
  }
}

/**
 * Returns the result of `authenticate`. If authentication fails with 401, the request counts for the client's address. This limits
 * how fast a client can guess credentials.
 * @throws Problem 429 if authentication failed and the address has no budget left
 */
export async function authenticatedWithin<T>(
  rateLimits: RateLimits | undefined,
  addressKey: string,
  authenticate: () => Promise<T>,
): Promise<T> {
  if (rateLimits === undefined) return authenticate();
  try {
    return await authenticate();
  } catch (error) {
    if (isProblem(error) && error.status === 401)
      await rateLimits.admit({ key: addressKey, tenantId: null, clientId: null, sendsEvents: false });
    throw error;
  }
}
