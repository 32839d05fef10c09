import type { Evt } from "@evt/core";
import { type ErrorRequestHandler, type RequestHandler, Router } from "express";
import { type Authenticate, authenticator } from "./access/authenticate.js";
import { ownSiteRule } from "./access/cross-site.js";
import { BodyBudget } from "./body/body-budget.js";
import { rejectUnknown } from "./known-options.js";
import { type RequestLimits, requestLimits } from "./limits.js";
import { methodNotAllowed } from "./node/method-not-allowed.js";
import { send } from "./node/send.js";
import { Problem, problemReply } from "./problem.js";
import { type AnswerError, errorAnswerer, errorReporter, type OnError } from "./responses/error-response.js";
import { AnswerBudget } from "./responses/response-budget.js";
import { type Endpoint, endpoint } from "./routes/endpoint.js";
import { getAggregation } from "./routes/get-aggregation.js";
import { getEvent } from "./routes/get-event.js";
import { getHistory } from "./routes/get-history.js";
import { getReasons } from "./routes/get-reasons.js";
import { listEvents } from "./routes/list-events.js";
import { postEvents } from "./routes/post-events.js";
import { replayEvent, replayEvents } from "./routes/replay-events.js";
import { Admission } from "./sharing/admission.js";

export interface EventRouterOptions {
  readonly evt: Evt;
  /** Tells who calls; `"open"` is one tenant, `default`, for everybody, without keys. */
  readonly authenticate: "open" | Authenticate;
  /** Whether `?simulateFailure` works: for drills and demonstrations. @defaultValue false */
  readonly simulateFailure?: boolean;
  readonly limits?: RequestLimits;
  /** Origins of other sites whose pages may send, as CORS lets them: `https://app.example.com`. @defaultValue none */
  readonly allowedOrigins?: readonly string[];
  /** What a 401 names in `WWW-Authenticate`. @defaultValue "Bearer" */
  readonly challenge?: string;
  /** Told of every error that was answered with a 5xx. Default: defects become process warnings. */
  readonly onError?: OnError;
}

const OPTIONS: readonly (keyof EventRouterOptions)[] = [
  "evt",
  "authenticate",
  "simulateFailure",
  "limits",
  "allowedOrigins",
  "challenge",
  "onError",
];

/**
 * The routes over the events of an evt, for any mount path. Mount it before `express.json()`: it reads bodies itself,
 * to keep every digit and every letter as sent.
 * @throws TypeError where an option is missing, unknown or cannot be meant
 */
export function createEventRouter(options: EventRouterOptions): Router {
  rejectUnknown(options, OPTIONS, "createEventRouter");
  const { evt, authenticate, simulateFailure = false, challenge = "Bearer", onError } = options;
  if (typeof evt?.tenant !== "function" || typeof evt.withStore !== "function")
    throw new TypeError("createEventRouter needs an evt, as createEvt makes it");
  if (typeof simulateFailure !== "boolean")
    throw new TypeError(`simulateFailure is ${JSON.stringify(simulateFailure)}; it must be true or false`);
  const limits = requestLimits(options.limits);
  const answerError = errorAnswerer(onError);
  const reportError = errorReporter(onError);
  const context = {
    admission: new Admission(limits.requests),
    bodies: new BodyBudget(limits.bytesAtOnce),
    answers: new AnswerBudget(limits),
    authenticate: authenticator(evt, authenticate, challenge, limits.authenticateMs),
    requireOwnSite: ownSiteRule(options.allowedOrigins),
    answerError,
    reportError,
  };
  const route = (handle: Endpoint) => endpoint(handle, context);
  // what carries raw events may be large
  const largeRead = (handle: Endpoint) => route(ifRoom(handle, context.answers));

  // strict: a rule of a proxy for a path must hold for every spelling that is served
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route("/events")
    .get(largeRead(listEvents(evt)))
    .post(route(postEvents(evt, { limits, simulateFailure })))
    .all(methodNotAllowed("GET", "HEAD", "POST"));
  router
    .route("/events/reasons")
    .get(route(getReasons(evt)))
    .all(methodNotAllowed("GET", "HEAD"));
  router
    .route("/events/replay")
    .post(largeRead(replayEvents(evt)))
    .all(methodNotAllowed("POST"));
  router
    .route("/events/:id/history")
    .get(route(getHistory(evt)))
    .all(methodNotAllowed("GET", "HEAD"));
  router
    .route("/events/:id/replay")
    .post(route(replayEvent(evt, limits)))
    .all(methodNotAllowed("POST"));
  router
    .route("/events/:id")
    .get(largeRead(getEvent(evt)))
    .all(methodNotAllowed("GET", "HEAD"));
  router
    .route("/aggregation")
    .get(route(getAggregation(evt)))
    .all(methodNotAllowed("GET", "HEAD"));
  router.all(OWN_PATHS, noSuchPath);
  router.use(unreadablePath(answerError));
  return router;
}

/** A read that is not begun, or given up, where its answer would have no room. */
function ifRoom(handle: Endpoint, answers: AnswerBudget): Endpoint {
  return (req, context) =>
    answers.whileRoom(context.key, (short) => {
      const gone = () => AbortSignal.any([context.gone(), short]);
      return handle(req, { ...context, gone });
    });
}

/** What may be meant for this router; all else is the host's. */
const OWN_PATHS = /^\/(?:events|aggregation)(?:\/|$)/i;

const noSuchPath: RequestHandler = (req, res) => {
  const detail = "there is no such path; paths are case-sensitive and have no slash at their end";
  send(req, res, problemReply(new Problem(404, "EVT_NOT_FOUND", detail)));
};

/** What Express itself throws here: a path that cannot be percent-decoded. Four parameters make it an error handler. */
function unreadablePath(answerError: AnswerError): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    const unreadable = new Problem(400, "EVT_INVALID_PATH", "path is not valid percent-encoding");
    answerError(error instanceof URIError ? unreadable : error, req, res);
  };
}
