import type { Evt } from "@evt/core";
import { checkFlag, checkKnown, quoted } from "@evt/core/adapter";
import { type Authenticate, authenticator } from "../access/authenticate.js";
import { ownSiteRule } from "../access/cross-site.js";
import type { Scope } from "../access/scopes.js";
import { BodyBudget } from "../body/body-budget.js";
import { type RequestLimits, requestLimits } from "../limits.js";
import { Problem } from "../problem.js";
import { errorReporter, errorResponder, type OnError } from "../responses/error-response.js";
import type { Exchange, Respond } from "../responses/exchange.js";
import { problemResponse } from "../responses/problem-response.js";
import { ResponseBudget } from "../responses/response-budget.js";
import { Admission } from "../sharing/admission.js";
import { type Endpoint, type EndpointContext, endpoint } from "./endpoint.js";
import {
  checkExtraRoutes,
  type ExtraEndpoint,
  type ExtraRoute,
  extraEndpoint,
  firstSegments,
} from "./extra-routes.js";
import { getAggregation } from "./get-aggregation.js";
import { getEvent } from "./get-event.js";
import { getHistory } from "./get-history.js";
import { getClients, getMetrics } from "./get-names.js";
import { getReasons } from "./get-reasons.js";
import { withoutParameters } from "./ignored-parameters.js";
import { listEvents } from "./list-events.js";
import { postEvents } from "./post-events.js";
import { replayEvent, replayEvents } from "./replay-events.js";
import { type Route, route } from "./route.js";

/** Options of the event routes. `R` is the framework's request type. */
export interface EventRoutesOptions<R> {
  /** The evt whose events the routes serve. */
  readonly evt: Evt;
  /** Returns the caller of a request. `"open"` accepts every request, as tenant `default`. */
  readonly authenticate: "open" | Authenticate<R>;
  /** Whether `?simulateFailure` works, for tests and demonstrations. If not, a request that simulates a failure gets a 403. @defaultValue false */
  readonly simulateFailure?: boolean | undefined;
  /** Limits of one request, and of all requests together. */
  readonly limits?: RequestLimits | undefined;
  /** Origins of other sites whose pages may send requests, such as `https://app.example.com`. @defaultValue none */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Query parameters that the routes ignore, such as a parameter for `authenticate`. A request with another unknown parameter gets a 400. @defaultValue none */
  readonly ignoredParameters?: readonly string[] | undefined;
  /**
   * Whether `POST /events` ignores unknown query parameters, such as those of a webhook sender. The other routes always
   * refuse them, because with a misspelled filter, a route would read or replay other events.
   * @defaultValue false
   */
  readonly ignoreUnknownParameters?: boolean | undefined;
  /**
   * The status of a response to `POST /events` if every event was rejected or in conflict. Use 202 for a webhook sender that
   * would send the events again after a 422.
   * @defaultValue 422
   */
  readonly nothingCountedStatus?: 422 | 202 | undefined;
  /** Routes of other packages, such as `routes` of `@evt/api-keys`. @defaultValue none */
  readonly extraRoutes?: readonly ExtraRoute[] | undefined;
  /** `WWW-Authenticate` of a 401. @defaultValue "Bearer" */
  readonly challenge?: string | undefined;
  /**
   * Called with the error that led to a 5xx response. `error.cause` is the underlying error, if there is one.
   * @defaultValue a process warning for every internal error (500), and for the first 503 of each code
   */
  readonly onError?: OnError<R> | undefined;
}

const OPTIONS = Object.keys({
  evt: true,
  authenticate: true,
  simulateFailure: true,
  limits: true,
  allowedOrigins: true,
  ignoredParameters: true,
  ignoreUnknownParameters: true,
  nothingCountedStatus: true,
  extraRoutes: true,
  challenge: true,
  onError: true,
} satisfies Record<keyof EventRoutesOptions<unknown>, true>);

/** The routes of an evt, for an adapter to mount. */
export interface EventRoutes<R> {
  /** The routes, in the order in which the adapter must try them. */
  readonly routes: readonly Route<R>[];
  /** Matches the paths that belong to evt. If no route serves such a path, use `noSuchPath`. All other paths belong to the host. */
  readonly ownPaths: RegExp;
  /** Responds with 404. */
  readonly noSuchPath: Respond<R>;
  /** Responds to an error that the framework threw, such as the `URIError` of a path that cannot be percent-decoded. */
  readonly frameworkError: (error: unknown, exchange: Exchange<R>) => void;
}

/**
 * Creates the event routes for an adapter.
 *
 * @example
 * ```ts
 * const { routes } = createEventRoutes({ evt, authenticate: "open" }, "myAdapter");
 * ```
 * @param calledAs - The name of the adapter's function, for messages about options.
 * @throws TypeError if an option is missing, unknown or invalid
 */
export function createEventRoutes<R>(options: EventRoutesOptions<R>, calledAs: string): EventRoutes<R> {
  checkKnown(calledAs, options, OPTIONS);
  const { evt, authenticate, simulateFailure = false, challenge = "Bearer" } = options;
  if (typeof evt?.tenant !== "function" || typeof evt.withStore !== "function")
    throw new TypeError(`${calledAs} needs an evt made by createEvt`);
  checkFlag("simulateFailure", simulateFailure);
  const { ignoreUnknownParameters = false } = options;
  checkFlag("ignoreUnknownParameters", ignoreUnknownParameters);
  const { nothingCountedStatus = 422 } = options;
  if (nothingCountedStatus !== 422 && nothingCountedStatus !== 202)
    throw new TypeError(`nothingCountedStatus is ${quoted(nothingCountedStatus)}; it must be 422 or 202`);
  const { extraRoutes = [] } = options;
  checkExtraRoutes(extraRoutes, pathsUnder(["events", "aggregation"]));
  const limits = requestLimits(options.limits);
  const reportError = errorReporter(options.onError);
  const context: EndpointContext<R> = {
    admission: new Admission(limits.requests),
    bodies: new BodyBudget(limits.bytesAtOnce),
    responses: new ResponseBudget(limits),
    authenticate: authenticator(evt, authenticate, challenge, limits.authenticateMs, calledAs),
    withoutIgnored: withoutParameters(options.ignoredParameters),
    requireOwnSite: ownSiteRule(options.allowedOrigins),
    respondError: errorResponder(reportError),
    reportError,
  };
  const small = (scope: Scope, handle: Endpoint) => endpoint(scope, handle, context);
  // responses that carry raw events may be large
  const large = (scope: Scope, handle: Endpoint) => small(scope, ifRoom(handle, context.responses));
  const extra = (given: ExtraRoute): Route<R> => {
    const serve = (handle: ExtraEndpoint) => small(given.scope, extraEndpoint(handle, given, limits));
    const { path, get, post } = given;
    return route(path, { ...(get && { get: serve(get) }), ...(post && { post: serve(post) }) });
  };
  return {
    routes: [
      route("/events", {
        get: large("read", listEvents(evt)),
        post: small(
          "ingest",
          postEvents(evt, { limits, simulateFailure, nothingCountedStatus, ignoreUnknownParameters }),
        ),
      }),
      route("/events/clients", { get: small("read", getClients(evt)) }),
      route("/events/metrics", { get: small("read", getMetrics(evt)) }),
      route("/events/reasons", { get: small("read", getReasons(evt)) }),
      route("/events/replay", { post: large("replay", replayEvents(evt)) }),
      route("/events/:id/history", { get: small("read", getHistory(evt)) }),
      route("/events/:id/replay", { post: small("replay", replayEvent(evt, limits)) }),
      route("/events/:id", { get: large("read", getEvent(evt)) }),
      route("/aggregation", { get: small("read", getAggregation(evt)) }),
      ...extraRoutes.map(extra),
    ],
    ownPaths: pathsUnder(["events", "aggregation", ...firstSegments(extraRoutes)]),
    noSuchPath,
    frameworkError: (error, exchange) =>
      context.respondError(error instanceof URIError ? unreadablePath() : error, exchange),
  };
}

/** Matches the paths whose first segment is one of these, in upper or lower case. */
function pathsUnder(segments: readonly string[]): RegExp {
  return new RegExp(`^/(?:${segments.join("|")})(?:/|$)`, "i");
}

/** Refuses a request, or aborts its reads, while responses of its key do not fit into the memory for responses. */
function ifRoom(handle: Endpoint, responses: ResponseBudget): Endpoint {
  return (req, context) =>
    responses.whileRoom(context.key, (short) => {
      const gone = () => AbortSignal.any([context.gone(), short]);
      return handle(req, { ...context, gone });
    });
}

async function noSuchPath(exchange: Exchange): Promise<void> {
  const detail = "no such path; paths are case-sensitive and do not end with a slash";
  exchange.send(problemResponse(new Problem(404, "EVT_NOT_FOUND", detail)));
}

function unreadablePath(): Problem {
  return new Problem(400, "EVT_INVALID_PATH", "path is not valid percent-encoding");
}
