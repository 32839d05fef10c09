import { inspect } from "node:util";
import { isEvtError } from "@evt/core";
import { ClientGone } from "../body/read-body.js";
import type { Exchange } from "./exchange.js";
import { problemOf } from "./problem-of.js";
import { problemResponse } from "./problem-response.js";

/** Called with every error that led to a 5xx, and its `cause`. */
export type OnError<R> = (error: unknown, req: R) => void;

export type RespondError<R> = (error: unknown, exchange: Exchange<R>) => void;

/** Calls the listener, if there is one, with the error of a response. Never throws. */
export const errorReporter =
  <R>(onError: OnError<R> | undefined) =>
  (error: unknown, req: R): void => {
    if (onError !== undefined && error !== undefined) report(error, req, onError);
  };

/** Responds to any thrown value. Never throws. Without a listener, a defect becomes a process warning. */
export function errorResponder<R>(onError: OnError<R> | undefined): RespondError<R> {
  return (error, exchange) => {
    // only a client that disconnected aborts
    if (error instanceof ClientGone || isEvtError(error, "EVT_ABORTED")) return exchange.abort();
    const problem = problemOf(error);
    if (problem.status === 500 || (problem.status > 500 && onError !== undefined))
      report(error, exchange.native, onError);
    exchange.send(problemResponse(problem));
  };
}

function report<R>(error: unknown, req: R, onError: OnError<R> = warn): void {
  try {
    onError(error, req);
  } catch (thrown) {
    warn(thrown);
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : inspect(error));
}
