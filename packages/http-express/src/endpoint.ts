import type { Request, RequestHandler, Response } from "express";
import type { AnswerError } from "./answer-error.js";
import type { Caller } from "./authenticate.js";
import type { Reply } from "./reply.js";
import { send } from "./send.js";

/**
 * What a route does: from a request of a known caller to an answer. What it throws is answered as a problem.
 * `gone` makes a signal that fires when the client hangs up: for reads. A write goes on.
 */
export type Endpoint = (req: Request, caller: Caller, gone: () => AbortSignal) => Promise<Reply>;

export interface EndpointContext {
  readonly authenticate: (req: Request) => Promise<Caller>;
  readonly answerError: AnswerError;
  readonly reportError: (error: unknown, req: Request) => void;
}

/** Never rejects: Express 4 would not notice. */
export function endpoint(
  handle: Endpoint,
  { authenticate, answerError, reportError }: EndpointContext,
): RequestHandler {
  return async (req, res) => {
    try {
      const caller = await authenticate(req);
      const reply = await handle(req, caller, () => signalOf(res));
      reportError(reply.error, req);
      send(req, res, reply);
    } catch (error) {
      answerError(error, req, res);
    }
  };
}

function signalOf(res: Response): AbortSignal {
  const controller = new AbortController();
  res.once("close", () => controller.abort());
  return controller.signal;
}
