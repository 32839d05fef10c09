import type { Evt, EvtTenant } from "@evt/core";
import { type CheckedCaller, OPEN, tenantOf } from "../access/authenticate.js";
import type { RequireOwnSite } from "../access/cross-site.js";
import {
  authenticatedWithin,
  type EventBudget,
  type RateLimits,
  rateLimited,
} from "../access/rate-limits.js";
import { requireScope, type Scope } from "../access/scopes.js";
import { requireSingleHeaders } from "../access/single-headers.js";
import type { BodyBudget, BodyShare } from "../body/body-budget.js";
import type { HttpRequest } from "../http-request.js";
import type { ReportError, RespondError } from "../responses/error-response.js";
import type { Exchange, Respond } from "../responses/exchange.js";
import type { HttpResponse, StreamedResponse } from "../responses/http-response.js";
import { encoded } from "../responses/json-text.js";
import type { ResponseBudget } from "../responses/response-budget.js";
import type { Admission } from "../sharing/admission.js";
import { tenantKey } from "../sharing/share-key.js";

/** The data that a route gets in addition to the request. */
export interface RequestContext {
  /** The path and the query, without the parameters that the routes ignore. */
  readonly url: string;
  readonly caller: CheckedCaller;
  /** Returns the caller's view of an evt. Routes reach events only through this view. */
  readonly eventsOf: (evt: Evt) => EvtTenant;
  /** Returns a signal that aborts when the client disconnects. Use it for reads only, because writes must continue. */
  readonly gone: () => AbortSignal;
  /** The request's share of the memory for bodies. */
  readonly share: BodyShare;
  /** Reports an error that the response does not show. */
  readonly reportError: (error: unknown) => void;
  /** Identifies the owner of the request's shares: the tenant, or the client's address if `authenticate` is `"open"`. */
  readonly key: string;
  /** The caller's budget of events. */
  readonly eventBudget: EventBudget;
}

/** Serves a request of an authenticated caller. A thrown error becomes a problem response. */
export type Endpoint = (
  req: HttpRequest,
  context: RequestContext,
) => Promise<HttpResponse | StreamedResponse>;

export interface EndpointContext<R> {
  readonly admission: Admission;
  readonly bodies: BodyBudget;
  readonly responses: ResponseBudget;
  readonly requireOwnSite: RequireOwnSite;
  /** Returns the key of the client's address. */
  readonly addressKeyOf: (exchange: Exchange<R>) => string;
  readonly authenticate: (req: R) => Promise<CheckedCaller>;
  readonly rateLimits: RateLimits | undefined;
  readonly withoutIgnored: (url: string) => string;
  readonly respondError: RespondError<R>;
  readonly reportError: ReportError<R>;
}

/**
 * Returns a function that makes the checks common to all routes, calls `handle`, and sends the response. The caller
 * needs `scope`.
 */
export function endpoint<R>(scope: Scope, handle: Endpoint, context: EndpointContext<R>): Respond<R> {
  return async (exchange) => {
    if (!exchange.begin()) return;
    const held: { release(): void }[] = [];
    const holding = <T extends { release(): void }>(share: T): T => {
      held.push(share);
      return share;
    };
    try {
      await served(exchange, scope, handle, context, holding);
    } catch (error) {
      context.respondError(error, exchange);
    } finally {
      for (const share of held) share.release();
    }
  };
}

type Holding = <T extends { release(): void }>(share: T) => T;

async function served<R>(
  exchange: Exchange<R>,
  scope: Scope,
  handle: Endpoint,
  context: EndpointContext<R>,
  holding: Holding,
): Promise<void> {
  const { admission, bodies, responses, requireOwnSite, withoutIgnored, reportError, rateLimits } = context;
  const { native } = exchange;
  const addressKey = context.addressKeyOf(exchange);
  const arrival = holding(admission.admit(addressKey));
  requireSingleHeaders(exchange);
  requireOwnSite(exchange);
  const caller = await authenticatedWithin(rateLimits, addressKey, () => context.authenticate(native));
  // released first, so that a request never counts for its address and its tenant at the same time
  arrival.release();
  const key = caller === OPEN ? addressKey : tenantKey(caller.tenantId);
  holding(admission.admit(key));
  const share = holding(bodies.share(key));
  const request = {
    key,
    tenantId: caller === OPEN ? null : caller.tenantId,
    clientId: caller.clientId ?? null,
    sendsEvents: scope === "ingest",
  };
  const response = await rateLimited(rateLimits, request, async (eventBudget) => {
    requireScope(caller.scopes, scope);
    return handle(exchange, {
      url: withoutIgnored(exchange.url),
      caller,
      eventsOf: (evt) => tenantOf(evt, caller),
      gone: () => exchange.gone(),
      share,
      reportError: (error) => reportError(error, native),
      key,
      eventBudget,
    });
  });
  if ("parts" in response) return exchange.stream(response, responses.limitsFor(key));
  if (response.error !== undefined) reportError(response.error, native);
  exchange.send({ ...response, body: await encoded(response.body) }, responses.limitsFor(key));
}
