import { isEvtError } from "@evt/core";
import { isProblem } from "../problem.js";
import type { HttpResponse, StreamedResponse } from "../responses/http-response.js";
import { problemOf } from "../responses/problem-of.js";

/** A request whose body has not been read. */
export interface RateLimitedRequest {
  /** Identifies whose budget the request uses: `tenant ` and the tenant, or `address ` and the network of the client. */
  readonly key: string;
  /** The tenant of the caller. `null` if the caller is not authenticated. */
  readonly tenantId: string | null;
  /** The client that the caller is bound to. `null` if there is none. */
  readonly clientId: string | null;
  /** Whether the route counts events. Such a request needs a budget of events too. */
  readonly sendsEvents: boolean;
}

/** What became of an admitted request. */
export interface ServedRequest {
  /** Whether the client got a 503 and should send the request again. Such a request should not use the budget. */
  readonly unavailable: boolean;
}

/** The budget of events of one request. */
export interface EventBudget {
  /** Called with the number of events that were processed. Duplicates and events that were not counted are not included. */
  addProcessed(events: number): void;
  /** Returns whether budget is left. A stream of events ends if none is left. */
  hasLeft(): boolean;
}

/** A request that its caller may make. Its methods must not throw. */
export interface AdmittedRequest extends EventBudget {
  /** Returns the headers of the response, such as `RateLimit`. Called after `finish`. */
  headers(): Readonly<Record<string, string>>;
  /** Called once, when the response begins. A stream of events still uses the budget after it. */
  finish(served: ServedRequest): void;
}

/** Limits how often a caller may send requests and events. */
export interface RateLimits {
  /**
   * Counts a request. Called before the body is read, and for each request whose authentication failed with 401.
   * @throws Problem 429 if the caller has no budget left
   */
  admit(request: RateLimitedRequest): AdmittedRequest | Promise<AdmittedRequest>;
}

const UNLIMITED: EventBudget = { addProcessed: () => undefined, hasLeft: () => true };

/**
 * Returns the response of `serve`, with the headers of the rate limits. `serve` gets the caller's budget of events.
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
    // a client that disconnects has used its budget
    const unavailable = problemOf(error).status === 503 && !isEvtError(error, "EVT_ABORTED");
    admitted.finish({ unavailable });
    throw error;
  }
}

/**
 * Returns the result of `authenticate`. If it fails with 401, the request counts for the client's address, so that nobody can
 * guess credentials without a limit.
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
