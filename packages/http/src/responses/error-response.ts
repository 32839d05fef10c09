import { inspect } from "node:util";
import { isEvtError } from "@evt/core";
import { ClientGone } from "../body/read-body.js";
import type { Exchange } from "./exchange.js";
import { problemOf } from "./problem-of.js";
import { problemResponse } from "./problem-response.js";

/** Called with the error that led to a 5xx response. `error.cause` is the underlying error, if there is one. */
export type OnError<R> = (error: unknown, req: R) => void;

/** Reports an error that led to a 5xx. Never throws. */
export type ReportError<R> = (error: unknown, req: R) => void;

export type RespondError<R> = (error: unknown, exchange: Exchange<R>) => void;

/** Returns a reporter that calls `onError`. The default `onError` emits process warnings. */
export function errorReporter<R>(onError: OnError<R> = processWarnings()): ReportError<R> {
  return (error, req) => {
    try {
      onError(error, req);
    } catch (thrown) {
      warn(thrown);
    }
  };
}

/** Returns a function that responds to any thrown value, and never throws. */
export function errorResponder<R>(reportError: ReportError<R>): RespondError<R> {
  return (error, exchange) => {
    // a route's work is aborted with EVT_ABORTED only if the client disconnects
    if (error instanceof ClientGone || isEvtError(error, "EVT_ABORTED")) return exchange.abort();
    const problem = problemOf(error, exchange.url);
    if (problem.status >= 500) reportError(error, exchange.native);
    exchange.send(problemResponse(problem));
  };
}

/**
 * Returns a function that emits a process warning for every internal error, and for the first 503 of each code. While the
 * database is down, most requests get a 503, and a warning for each would fill the log.
 */
function processWarnings(): OnError<unknown> {
  const warned = new Set<string>();
  return (error) => {
    const { status, code } = problemOf(error);
    if (status === 500) return warn(error);
    if (status !== 503 || warned.has(code)) return;
    warned.add(code);
    const message = `a request got a 503: ${described(error)}. Later errors with this code are not reported; set onError to receive them`;
    process.emitWarning(message, { type: "EvtWarning", code });
  };
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : inspect(error));
}

/**
 * Returns a description of the error for the operator. Includes the message of its cause, which is never sent to a
 * client.
 */
function described(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  const { message, cause } = error;
  return cause instanceof Error && cause.message !== "" ? `${message} (${cause.message})` : message;
}
