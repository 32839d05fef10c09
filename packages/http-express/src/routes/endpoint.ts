import type { Evt, EvtTenant } from "@evt/core";
import type { Request, RequestHandler, Response } from "express";
import { type CheckedCaller, OPEN, tenantOf } from "../access/authenticate.js";
import type { RequireOwnSite } from "../access/cross-site.js";
import { requireSingleHeaders } from "../access/single-headers.js";
import type { BodyBudget, BodyShare } from "../body/body-budget.js";
import { cut } from "../node/held-response.js";
import { isOneTooMany } from "../node/pipelined.js";
import { send } from "../node/send.js";
import { whenOver } from "../node/when-over.js";
import type { AnswerError } from "../responses/error-response.js";
import { encoded } from "../responses/json-text.js";
import type { Reply } from "../responses/response.js";
import type { AnswerBudget } from "../responses/response-budget.js";
import type { Admission } from "../sharing/admission.js";
import { addressKey, tenantKey } from "../sharing/share-key.js";

/** What a route is given beside the request. */
export interface RequestContext {
  /** The events that the caller may read and write. A route reaches events by this alone. */
  readonly eventsOf: (evt: Evt) => EvtTenant;
  /** Makes a signal that fires when the client hangs up: for reads. A write goes on. */
  readonly gone: () => AbortSignal;
  /** What may be held of the body. */
  readonly share: BodyShare;
  /** By what the caller shares with others: its tenant or its address. */
  readonly key: string;
}

/** What a route does: from a request of a known caller to an answer. What it throws is answered as a problem. */
export type Endpoint = (req: Request, context: RequestContext) => Promise<Reply>;

export interface EndpointContext {
  readonly admission: Admission;
  readonly bodies: BodyBudget;
  readonly answers: AnswerBudget;
  readonly requireOwnSite: RequireOwnSite;
  readonly authenticate: (req: Request) => Promise<CheckedCaller>;
  readonly answerError: AnswerError;
  readonly reportError: (error: unknown, req: Request) => void;
}

/** Never rejects: Express 4 would not notice. */
export function endpoint(handle: Endpoint, context: EndpointContext): RequestHandler {
  return async (req, res) => {
    // cut while its pipelined requests are read: nobody is left to answer
    if (req.socket.destroyed) return;
    if (isOneTooMany(req, res)) return cut(req.socket);
    const held: { release(): void }[] = [];
    const holding = <T extends { release(): void }>(share: T): T => {
      held.push(share);
      return share;
    };
    try {
      await answered(req, res, handle, context, holding);
    } catch (error) {
      context.answerError(error, req, res);
    } finally {
      for (const share of held) share.release();
    }
  };
}

type Holding = <T extends { release(): void }>(share: T) => T;

async function answered(
  req: Request,
  res: Response,
  handle: Endpoint,
  { admission, bodies, answers, requireOwnSite, authenticate, reportError }: EndpointContext,
  holding: Holding,
): Promise<void> {
  const address = addressKey(req);
  const arrival = holding(admission.admit(address));
  requireSingleHeaders(req);
  requireOwnSite(req);
  const caller = await authenticate(req);
  // before it takes the place of a tenant: it needs one place only
  arrival.release();
  const key = caller === OPEN ? address : tenantKey(caller.tenantId);
  holding(admission.admit(key));
  const share = holding(bodies.share(key));
  const gone = () => signalOf(req, res);
  const reply = await handle(req, { eventsOf: (evt) => tenantOf(evt, caller), gone, share, key });
  reportError(reply.error, req);
  send(req, res, { ...reply, body: await encoded(reply.body) }, answers.taking(key));
}

function signalOf(req: Request, res: Response): AbortSignal {
  const controller = new AbortController();
  whenOver(req, res, () => controller.abort());
  return controller.signal;
}
