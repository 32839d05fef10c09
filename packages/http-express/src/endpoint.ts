import type { Request, RequestHandler, Response } from "express";
import type { Admission } from "./admission.js";
import type { AnswerError } from "./answer-error.js";
import type { Caller } from "./authenticate.js";
import type { BodyBudget, BodyShare } from "./body-budget.js";
import type { Reply } from "./reply.js";
import { send } from "./send.js";

/** What a route is given beside the request. */
export interface RequestContext {
  readonly caller: Caller;
  /** Makes a signal that fires when the client hangs up: for reads. A write goes on. */
  readonly gone: () => AbortSignal;
  /** What may be held of the body. */
  readonly share: BodyShare;
}

/** What a route does: from a request of a known caller to an answer. What it throws is answered as a problem. */
export type Endpoint = (req: Request, context: RequestContext) => Promise<Reply>;

export interface EndpointContext {
  readonly admission: Admission;
  readonly budget: BodyBudget;
  readonly authenticate: (req: Request) => Promise<Caller>;
  readonly answerError: AnswerError;
  readonly reportError: (error: unknown, req: Request) => void;
}

/** Never rejects: Express 4 would not notice. */
export function endpoint(
  handle: Endpoint,
  { admission, budget, authenticate, answerError, reportError }: EndpointContext,
): RequestHandler {
  return async (req, res) => {
    const share = budget.share();
    try {
      admission.admit(res);
      const caller = await authenticate(req);
      const reply = await handle(req, { caller, gone: () => signalOf(res), share });
      reportError(reply.error, req);
      send(req, res, reply);
    } catch (error) {
      answerError(error, req, res);
    } finally {
      share.release();
    }
  };
}

function signalOf(res: Response): AbortSignal {
  const controller = new AbortController();
  res.once("close", () => controller.abort());
  return controller.signal;
}
