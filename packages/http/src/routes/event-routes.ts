import type { Evt } from "@evt/core";
import { checkFlag, checkKnown, quoted } from "@evt/core/adapter";
import { type Authenticate, authenticator } from "../access/authenticate.js";
import { type CorsOptions, corsHeaders } from "../access/cors.js";
import { ownSiteRule } from "../access/cross-site.js";
import type { RateLimits } from "../access/rate-limits.js";
import type { Scope } from "../access/scopes.js";
import { BodyBudget } from "../body/body-budget.js";
import { SAFELISTED_TYPES, type SafelistedType } from "../body/media-type.js";
import { type RequestLimits, requestLimits } from "../limits.js";
import { errorReporter, errorResponder, type OnError } from "../responses/error-response.js";
import { ResponseBudget } from "../responses/response-budget.js";
import { Admission } from "../sharing/admission.js";
import { addressKey } from "../sharing/share-key.js";
import { type Endpoint, type EndpointContext, endpoint } from "./endpoint.js";
import {
  checkExtraRoutes,
  type ExtraEndpoint,
  type ExtraRoute,
  extraEndpoint,
  firstSegments,
} from "./extra-routes.js";
import { type FindRoute, type IsOwnPath, routeFinder } from "./find-route.js";
import { getAggregation } from "./get-aggregation.js";
import { getCounts } from "./get-counts.js";
import { getEvent } from "./get-event.js";
import { getHistory } from "./get-history.js";
import { getClients, getMetrics } from "./get-names.js";
import { getReasons } from "./get-reasons.js";
import { keyReader } from "./idempotency-key.js";
import { withoutParameters } from "./ignored-parameters.js";
import { listEvents } from "./list-events.js";
import { postEvents } from "./post-events.js";
import { replayEvent, replayEvents } from "./replay-events.js";
import { type Route, route } from "./route.js";
import { unlessMatched } from "./unless-matched.js";
import { withCors } from "./with-cors.js";

/** Options of the event routes. `R` is the framework's request type. */
export interface EventRoutesOptions<R> {
  /** The evt whose events the routes serve. */
  readonly evt: Evt;
  /** Returns the caller of a request. `"open"` accepts every request, as tenant `default`. */
  readonly authenticate: "open" | Authenticate<R>;
  /**
   * Whether `?simulateFailure` works, for tests and demonstrations. If `false`, a request that simulates a failure gets
   * a 403. @defaultValue false
   */
  readonly simulateFailure?: boolean | undefined;
  /** Limits of one request, and of all requests together. */
  readonly limits?: RequestLimits | undefined;
  /** Limits how often a caller may send requests and events. @defaultValue none */
  readonly rateLimits?: RateLimits | undefined;
  /** Origins of other sites whose pages may send requests, such as `https://app.example.com`. @defaultValue none */
  readonly allowedOrigins?: readonly string[] | undefined;
  /**
   * Lets pages of other origins send requests and read responses. The router then responds to preflights of its paths.
   * @defaultValue no CORS headers
   */
  readonly cors?: CorsOptions | undefined;
  /**
   * Query parameters that the routes ignore, such as a parameter for `authenticate`. A request with another unknown
   * parameter gets a 400. @defaultValue none
   */
  readonly ignoredParameters?: readonly string[] | undefined;
  /**
   * Whether `POST /events` ignores unknown query parameters, such as those of a webhook sender. The other routes always
   * refuse them, because with a misspelled filter, a route would read or replay other events.
   * @defaultValue false
   */
  readonly ignoreUnknownParameters?: boolean | undefined;
  /**
   * Further types of bodies of `POST /events`. `text/plain` is JSON, as a page sends it with `navigator.sendBeacon`. It is accepted
   * only from pages of this site or of `allowedOrigins`, or with `X-Requested-With`. A form is one event whose values are strings.
   * Accept forms only if `authenticate` does not read cookies. Browsers from before 2020 may send a form of another site without
   * `Origin`.
   * @defaultValue none
   */
  readonly acceptedTypes?: readonly ("text/plain" | "application/x-www-form-urlencoded")[] | undefined;
  /**
   * Headers in which webhook senders send a key, such as `["svix-id", "X-Shopify-Webhook-Id"]`. `POST /events` reads the key from
   * `Idempotency-Key`, or else from the first of these headers that the request has.
   * @defaultValue none
   */
  readonly idempotencyKeyHeaders?: readonly string[] | undefined;
  /**
   * What a 2xx of `POST /events` confirms. `counted`: a request gets a 422 if every event was rejected or in conflict. `kept`:
   * it gets a 202. Use `kept` for a webhook sender that sends the events again after a 422. These events are parked in both cases.
   * If an event failed, the response is always a 503. The option has no effect on streams of events.
   * @defaultValue "counted"
   */
  readonly acknowledge?: "counted" | "kept" | undefined;
  /** Routes of other packages, such as `routes` of `@evt/api-keys`. @defaultValue none */
  readonly extraRoutes?: readonly ExtraRoute[] | undefined;
  /**
   * Returns the client's IP address. Callers that are not authenticated share the limits of their address. Use it behind a
   * proxy, and with hosts that do not reveal the address: `(req) => req.ip`. An address in a header is only
   * reliable if your own proxy writes the header.
   * @defaultValue the address of the connection; with the Fetch API, all clients have the same address
   */
  readonly clientAddress?: ((req: R) => string | undefined) | undefined;
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
  rateLimits: true,
  allowedOrigins: true,
  cors: true,
  ignoredParameters: true,
  ignoreUnknownParameters: true,
  acceptedTypes: true,
  idempotencyKeyHeaders: true,
  acknowledge: true,
  extraRoutes: true,
  clientAddress: true,
  challenge: true,
  onError: true,
} satisfies Record<keyof EventRoutesOptions<unknown>, true>);

/** The routes of an evt, for an adapter to mount. */
export interface EventRoutes<R> {
  /** The routes, in the order in which they are tried. Their responses do not have the headers of `cors`. */
  readonly routes: readonly Route<R>[];
  /** Finds the route of a request. Responses have the headers of `cors`. */
  readonly find: FindRoute<R>;
}

/**
 * Creates the event routes for an adapter.
 *
 * @example
 * ```ts
 * const { find } = createEventRoutes({ evt, authenticate: "open" }, "myAdapter");
 * ```
 * @param calledAs - The name of the adapter's function, for messages about options.
 * @param adapterOptions - The names of the adapter's own options.
 * @throws TypeError if an option is missing, unknown or invalid
 */
export function createEventRoutes<R>(
  options: EventRoutesOptions<R>,
  calledAs: string,
  adapterOptions: readonly string[] = [],
): EventRoutes<R> {
  checkKnown(calledAs, options, [...OPTIONS, ...adapterOptions]);
  const { evt, authenticate, simulateFailure = false, challenge = "Bearer" } = options;
  if (typeof evt?.tenant !== "function" || typeof evt.withStore !== "function")
    throw new TypeError(`${calledAs} needs an evt made by createEvt`);
  checkFlag("simulateFailure", simulateFailure);
  const { ignoreUnknownParameters = false } = options;
  checkFlag("ignoreUnknownParameters", ignoreUnknownParameters);
  const { acknowledge = "counted" } = options;
  if (acknowledge !== "counted" && acknowledge !== "kept")
    throw new TypeError(`acknowledge is ${quoted(acknowledge)}; it must be "counted" or "kept"`);
  const readKey = keyReader(options.idempotencyKeyHeaders);
  const acceptedTypes = checkedTypes(options.acceptedTypes);
  const { extraRoutes = [] } = options;
  checkExtraRoutes(extraRoutes, pathsUnder(["events", "aggregation"]));
  const limits = requestLimits(options.limits);
  const { rateLimits } = options;
  if (rateLimits !== undefined && typeof rateLimits?.admit !== "function")
    throw new TypeError(`rateLimits is ${quoted(rateLimits)}; it must have the method admit`);
  const cors = options.cors && corsHeaders(options.cors);
  const allowedOrigins = [...(options.allowedOrigins ?? []), ...(options.cors?.origins ?? [])];
  const reportError = errorReporter(options.onError);
  const context: EndpointContext<R> = {
    admission: new Admission(limits.requests),
    bodies: new BodyBudget(limits.bytesAtOnce),
    responses: new ResponseBudget(limits),
    addressKeyOf: addressKeys(options.clientAddress),
    authenticate: authenticator(evt, authenticate, challenge, limits.authenticateMs, calledAs),
    rateLimits,
    withoutIgnored: withoutParameters(options.ignoredParameters),
    requireOwnSite: ownSiteRule(allowedOrigins),
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
  const routes = [
    route("/events", {
      get: large("read", listEvents(evt)),
      // only this route has `acceptedTypes`
      post: endpoint(
        "ingest",
        postEvents(evt, {
          limits,
          simulateFailure,
          acknowledge,
          ignoreUnknownParameters,
          readKey,
          acceptedTypes,
        }),
        { ...context, requireOwnSite: ownSiteRule(allowedOrigins, acceptedTypes) },
      ),
    }),
    route("/events/clients", { get: small("read", getClients(evt)) }),
    route("/events/metrics", { get: small("read", getMetrics(evt)) }),
    route("/events/counts", { get: small("read", getCounts(evt)) }),
    route("/events/reasons", { get: small("read", getReasons(evt)) }),
    route("/events/replay", { post: large("replay", replayEvents(evt)) }),
    route("/events/:id/history", { get: small("read", getHistory(evt)) }),
    route("/events/:id/replay", { post: small("replay", replayEvent(evt, limits)) }),
    route("/events/:id", { get: large("read", unlessMatched(getEvent(evt))) }),
    route("/aggregation", { get: small("read", unlessMatched(getAggregation(evt))) }),
    ...extraRoutes.map(extra),
  ];
  const isOwnPath = pathsUnder(["events", "aggregation", ...firstSegments(extraRoutes)]);
  const find = routeFinder(routes, isOwnPath);
  return { routes, find: cors === undefined ? find : withCors(find, cors) };
}

/** @throws TypeError if a type is unknown */
function checkedTypes(given: EventRoutesOptions<unknown>["acceptedTypes"] = []): readonly SafelistedType[] {
  if (!Array.isArray(given)) throw new TypeError(`acceptedTypes is ${quoted(given)}; it must be an array`);
  for (const type of given) {
    if (SAFELISTED_TYPES.includes(type)) continue;
    throw new TypeError(`acceptedTypes has ${quoted(type)}; it may have ${SAFELISTED_TYPES.join(", ")}`);
  }
  return given;
}

/** @throws TypeError if the option is not a function */
function addressKeys<R>(
  clientAddress: EventRoutesOptions<R>["clientAddress"],
): EndpointContext<R>["addressKeyOf"] {
  if (clientAddress === undefined) return (exchange) => exchange.addressKey;
  if (typeof clientAddress !== "function")
    throw new TypeError(`clientAddress is ${quoted(clientAddress)}; it must be a function of the request`);
  return ({ native }) => addressKey(clientAddress(native));
}

/**
 * Returns whether the first segment of a path is one of these, in upper or lower case. Such paths belong to evt, so that no
 * other handler of the host serves a path that looks like one of evt's.
 */
function pathsUnder(segments: readonly string[]): IsOwnPath {
  const own = new Set(segments.map((segment) => segment.toLowerCase()));
  return (path) => own.has(path.split("/", 2)[1]?.toLowerCase() ?? "");
}

/** Refuses a request, or aborts its reads, while responses of its key do not fit into the memory for responses. */
function ifRoom(handle: Endpoint, responses: ResponseBudget): Endpoint {
  return (req, context) =>
    responses.whileRoom(context.key, (short) => {
      const gone = () => AbortSignal.any([context.gone(), short]);
      return handle(req, { ...context, gone });
    });
}
