import { inspect } from "node:util";
import { isEvtError } from "@evt/core";
import type { Request, Response } from "express";
import { ClientGone } from "../body/read-body.js";
import { send } from "../node/send.js";
import { problemReply } from "../problem.js";
import { problemOf } from "./problem-of.js";

/** Told of every error that is answered with a 5xx, with its cause. */
export type OnError = (error: unknown, req: Request) => void;

export type AnswerError = (error: unknown, req: Request, res: Response) => void;

/** Tells the listener, if there is one, of an error that an answer of a route carries. Never throws. */
export const errorReporter =
  (onError: OnError | undefined) =>
  (error: unknown, req: Request): void => {
    if (onError !== undefined && error !== undefined) report(error, req, onError);
  };

/** Answers whatever was thrown, and never throws itself. Without a listener a defect becomes a process warning. */
export function errorAnswerer(onError: OnError | undefined): AnswerError {
  return (error, req, res) => {
    // only a client that hung up aborts: nobody is left to answer
    if (error instanceof ClientGone || isEvtError(error, "EVT_ABORTED")) {
      res.destroy();
      return;
    }
    const problem = problemOf(error);
    if (problem.status === 500 || (problem.status > 500 && onError !== undefined))
      report(error, req, onError);
    send(req, res, problemReply(problem));
  };
}

function report(error: unknown, req: Request, onError: OnError = warn): void {
  try {
    onError(error, req);
  } catch (thrown) {
    warn(thrown);
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : inspect(error));
}
