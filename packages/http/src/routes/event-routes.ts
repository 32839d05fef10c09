import type { Evt } from "@evt/core";
import { type Authenticate, authenticator } from "../access/authenticate.js";
import { ownSiteRule } from "../access/cross-site.js";
import { BodyBudget } from "../body/body-budget.js";
import { rejectUnknown } from "../known-options.js";
import { type RequestLimits, requestLimits } from "../limits.js";
import { Problem } from "../problem.js";
import { errorReporter, errorResponder, type OnError } from "../responses/error-response.js";
import type { Exchange, Respond } from "../responses/exchange.js";
import { problemResponse } from "../responses/problem-response.js";
import { ResponseBudget } from "../responses/response-budget.js";
import { Admission } from "../sharing/admission.js";
import { type Endpoint, type EndpointContext, endpoint } from "./endpoint.js";
import { getAggregation } from "./get-aggregation.js";
import { getEvent } from "./get-event.js";
import { getHistory } from "./get-history.js";
import { getReasons } from "./get-reasons.js";
import { listEvents } from "./list-events.js";
import { postEvents } from "./post-events.js";
import { replayEvent, replayEvents } from "./replay-events.js";
import { type Route, route } from "./route.js";

/** Options of the event routes. `R` is the type of the framework's request. */
export interface EventRoutesOptions<R> {
  readonly evt: Evt;
  /** Tells who calls; `"open"` is one tenant, `default`, for everybody, without keys. */
  readonly authenticate: "open" | Authenticate<R>;
  /** Whether `?simulateFailure` works: for drills and demonstrations. @defaultValue false */
  readonly simulateFailure?: boolean;
  readonly limits?: RequestLimits;
  /** Origins of other sites whose pages may send, as CORS lets them: `https://app.example.com`. @defaultValue none */
  readonly allowedOrigins?: readonly string[];
  /** What a 401 names in `WWW-Authenticate`. @defaultValue "Bearer" */
  readonly challenge?: string;
  /** Told of every error that was answered with a 5xx. Default: defects become process warnings. */
  readonly onError?: OnError<R>;
}

const OPTIONS = Object.keys({
  evt: true,
  authenticate: true,
  simulateFailure: true,
  limits: true,
  allowedOrigins: true,
  challenge: true,
  onError: true,
} satisfies Record<keyof EventRoutesOptions<unknown>, true>);

/** The routes over the events of an evt, for an adapter to mount. */
export interface EventRoutes<R> {
  /** In the order in which they are tried. */
  readonly routes: readonly Route<R>[];
  /** Paths that belong to evt. One that no route serves is for `noSuchPath`; all other paths belong to the host. */
  readonly ownPaths: RegExp;
  /** Responds 404. */
  readonly noSuchPath: Respond<R>;
  /** Responds to an error that the framework threw, such as the `URIError` of a path that cannot be percent-decoded. */
  readonly frameworkError: (error: unknown, exchange: Exchange<R>) => void;
}

/**
 * Makes the event routes for an adapter.
 * @param calledAs - The adapter's function, for messages.
 * @throws TypeError where an option is missing, unknown or cannot be meant
 */
export function createEventRoutes<R>(options: EventRoutesOptions<R>, calledAs: string): EventRoutes<R> {
  rejectUnknown(options, OPTIONS, calledAs);
  const { evt, authenticate, simulateFailure = false, challenge = "Bearer", onError } = options;
  if (typeof evt?.tenant !== "function" || typeof evt.withStore !== "function")
    throw new TypeError(`${calledAs} needs an evt, as createEvt makes it`);
  if (typeof simulateFailure !== "boolean")
    throw new TypeError(`simulateFailure is ${JSON.stringify(simulateFailure)}; it must be true or false`);
  const limits = requestLimits(options.limits);
  const context: EndpointContext<R> = {
    admission: new Admission(limits.requests),
    bodies: new BodyBudget(limits.bytesAtOnce),
    responses: new ResponseBudget(limits),
    authenticate: authenticator(evt, authenticate, challenge, limits.authenticateMs, calledAs),
    requireOwnSite: ownSiteRule(options.allowedOrigins),
    respondError: errorResponder(onError),
    reportError: errorReporter(onError),
  };
  const small = (handle: Endpoint) => endpoint(handle, context);
  // responses that carry raw events may be large
  const large = (handle: Endpoint) => small(ifRoom(handle, context.responses));
  return {
    routes: [
      route("/events", {
        get: large(listEvents(evt)),
        post: small(postEvents(evt, { limits, simulateFailure })),
      }),
      route("/events/reasons", { get: small(getReasons(evt)) }),
      route("/events/replay", { post: large(replayEvents(evt)) }),
      route("/events/:id/history", { get: small(getHistory(evt)) }),
      route("/events/:id/replay", { post: small(replayEvent(evt, limits)) }),
      route("/events/:id", { get: large(getEvent(evt)) }),
      route("/aggregation", { get: small(getAggregation(evt)) }),
    ],
    ownPaths: /^\/(?:events|aggregation)(?:\/|$)/i,
    noSuchPath,
    frameworkError: (error, exchange) =>
      context.respondError(error instanceof URIError ? unreadablePath() : error, exchange),
  };
}

/** Refuses a read before it starts, or aborts it, if there is no room for its response. */
function ifRoom(handle: Endpoint, responses: ResponseBudget): Endpoint {
  return (req, context) =>
    responses.whileRoom(context.key, (short) => {
      const gone = () => AbortSignal.any([context.gone(), short]);
      return handle(req, { ...context, gone });
    });
}

async function noSuchPath(exchange: Exchange): Promise<void> {
  const detail = "there is no such path; paths are case-sensitive and have no slash at their end";
  exchange.send(problemResponse(new Problem(404, "EVT_NOT_FOUND", detail)));
}

function unreadablePath(): Problem {
  return new Problem(400, "EVT_INVALID_PATH", "path is not valid percent-encoding");
}
