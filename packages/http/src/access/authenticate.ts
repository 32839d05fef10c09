import type { Evt, EvtTenant } from "@evt/core";
import { inTime } from "@evt/core/adapter";
import { Problem, unavailable } from "../problem.js";
import { checkedScopes, DEFAULT_SCOPES, type Scope } from "./scopes.js";

/** Who sent a request. */
export interface Caller {
  /**
   * The tenant whose events the caller reads and writes: 1 to 64 characters. A tenant never sees another tenant's
   * events.
   */
  readonly tenantId: string;
  /**
   * The client that the credentials prove. A caller with a `clientId` is bound to this client: it reads only this client's
   * events and totals, and its events that name another client are rejected. If absent or `null`, the caller acts for the
   * whole tenant.
   */
  readonly clientId?: string | null | undefined;
  /**
   * What the caller may do. With an empty array, the caller may do nothing. @defaultValue `["ingest", "read",
   * "replay"]`
   */
  readonly scopes?: readonly Scope[] | undefined;
}

/**
 * Returns the caller of a request. `null` or `undefined` becomes a 401. A thrown `Problem` is sent as it is. A thrown
 * {@link Forbidden} becomes a 403. An `EvtError` gets its usual status. Any other error becomes a 500.
 */
export type Authenticate<R> = (req: R) => Caller | null | undefined | Promise<Caller | null | undefined>;

const brand = Symbol.for("evt.http.forbidden");

/**
 * Throw it in `authenticate` to respond with 403. The response contains the error's message.
 *
 * @example
 * ```ts
 * authenticate: (req) => {
 *   const key = keys.get(req.get("X-Api-Key") ?? "");
 *   if (key?.revoked) throw new Forbidden("this key was revoked");
 *   return key; // undefined: 401
 * };
 * ```
 */
export class Forbidden extends Error {
  /** Checked instead of `instanceof`, because a process may have two copies of this package. */
  readonly [brand] = true;

  constructor(message = "this caller may not do that") {
    super(message);
    this.name = "Forbidden";
  }
}

/** The caller of every request if `authenticate` is `"open"`. */
export const OPEN: CheckedCaller = { tenantId: "default", scopes: DEFAULT_SCOPES };

/** A caller whose ids and scopes are valid. */
export interface CheckedCaller {
  readonly tenantId: string;
  readonly clientId?: string;
  readonly scopes: ReadonlySet<Scope>;
}

/**
 * Returns a function that calls `authenticate` and checks the returned caller. The function throws a Problem 401 if there is
 * no caller, and a Problem 503 after `ms` milliseconds. With `"open"`, it returns `OPEN` for every request.
 * @param challenge - `WWW-Authenticate` of a 401 (RFC 9110, section 11.6.1).
 */
export function authenticator<R>(
  evt: Evt,
  authenticate: "open" | Authenticate<R>,
  challenge: string,
  ms: number,
  calledAs: string,
): (req: R) => Promise<CheckedCaller> {
  if (authenticate === "open") return async () => OPEN;
  if (typeof authenticate !== "function") {
    throw new TypeError(`${calledAs} needs authenticate: a function of the request, or "open"`);
  }
  return async (req) => {
    try {
      const caller = await inTime(
        async () => authenticate(req),
        ms,
        () => late(ms),
      );
      if (caller != null) return checked(evt, caller);
    } catch (error) {
      if (error instanceof Error && brand in error) throw new Problem(403, "EVT_FORBIDDEN", error.message);
      throw error;
    }
    throw new Problem(401, "EVT_UNAUTHENTICATED", "the caller is unknown; send valid credentials", {
      headers: { "WWW-Authenticate": challenge },
    });
  };
}

function late(ms: number): Problem {
  const detail = `authentication took longer than ${ms} ms; nothing was stored: send the request again`;
  return unavailable("EVT_DEADLINE", detail);
}

/**
 * Applies core's rules for ids here, so that no later call fails because of an invalid id. @throws TypeError if the
 * caller is invalid
 */
function checked(evt: Evt, { tenantId, clientId, scopes: given }: Caller): CheckedCaller {
  try {
    const scopes = checkedScopes(given);
    const caller = clientId == null ? { tenantId, scopes } : { tenantId, clientId, scopes };
    tenantOf(evt, caller);
    return caller;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TypeError(
      `authenticate returned an invalid caller: ${why}. It must return { tenantId, clientId?, scopes? }, null or undefined`,
      { cause: error },
    );
  }
}

/** Returns the view of `evt` that is restricted to the caller's tenant, and to the caller's client if there is one. */
export function tenantOf(evt: Evt, { tenantId, clientId }: Omit<CheckedCaller, "scopes">): EvtTenant {
  return evt.tenant(tenantId, clientId === undefined ? {} : { clientId });
}
