import { inspect } from "node:util";
import { isEvtError } from "@evt/core";
import { ClientGone } from "../body/read-body.js";
import type { Exchange } from "./exchange.js";
import { problemOf } from "./problem-of.js";
import { problemResponse } from "./problem-response.js";

/** Called with every error that led to a 5xx. The error has its `cause`. */
export type OnError<R> = (error: unknown, req: R) => void;

/** Reports an error that led to a 5xx. Never throws. */
export type ReportError<R> = (error: unknown, req: R) => void;

export type RespondError<R> = (error: unknown, exchange: Exchange<R>) => void;

/** Returns a reporter that calls `onError`. Without it, errors become process warnings. */
export function errorReporter<R>(onError: OnError<R> = processWarnings()): ReportError<R> {
  return (error, req) => {
    try {
      onError(error, req);
    } catch (thrown) {
      warn(thrown);
    }
  };
}

/** Responds to any thrown value. Never throws. */
export function errorResponder<R>(reportError: ReportError<R>): RespondError<R> {
  return (error, exchange) => {
    // EVT_ABORTED can only mean that the client disconnected
    if (error instanceof ClientGone || isEvtError(error, "EVT_ABORTED")) return exchange.abort();
    const problem = problemOf(error);
    if (problem.status >= 500) reportError(error, exchange.native);
    exchange.send(problemResponse(problem));
  };
}

/**
 * Emits a process warning for every internal error, and for the first 503 of each code. While the database is down, every
 * request gets a 503, which must not fill the log.
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

/** Returns a description for the operator. It includes the cause's message, which is never sent to a client. */
function described(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  const { message, cause } = error;
  return cause instanceof Error && cause.message !== "" ? `${message} (${cause.message})` : message;
}
