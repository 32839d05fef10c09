import type { Evt, EvtTenant } from "@evt/core";
import { Problem } from "../problem.js";
import { inTime } from "./in-time.js";

/** Who calls. */
export interface Caller {
  /** Whose events these are. Nothing is ever read or counted across tenants. At most 64 characters. */
  readonly tenantId: string;
  /**
   * The client who calls, where that is known for certain. Its events that name another client are rejected, and it reads
   * this client's events and totals only. `null` is the same as absent.
   */
  readonly clientId?: string | null;
}

/**
 * Tells who calls. `null` or `undefined`: nobody known, 401. A thrown {@link Forbidden}: known, but not allowed, 403.
 * Anything else thrown is a failure of this side.
 */
export type Authenticate<R> = (req: R) => Caller | null | undefined | Promise<Caller | null | undefined>;

const brand = Symbol.for("evt.http.forbidden");

/** Thrown by `authenticate`, it is answered with 403. Its message is shown to the caller. */
export class Forbidden extends Error {
  /** Two copies of this package in one process must recognise each other's. */
  readonly [brand] = true;

  constructor(message = "this caller may not do that") {
    super(message);
    this.name = "Forbidden";
  }
}

/** One tenant for everybody, without keys. */
export const OPEN: CheckedCaller = { tenantId: "default" };

/** A caller that can be one: no call of core refuses it. */
export interface CheckedCaller {
  readonly tenantId: string;
  readonly clientId?: string;
}

/** `challenge` is what a 401 names as the way in (RFC 9110, section 11.6.1). `ms` is how long `authenticate` may take. */
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
      const caller = await inTime(async () => authenticate(req), ms);
      if (caller != null) return checked(evt, caller);
    } catch (error) {
      if (error instanceof Error && brand in error) throw new Problem(403, "EVT_FORBIDDEN", error.message);
      throw error;
    }
    throw new Problem(401, "EVT_UNAUTHENTICATED", "who calls is not known; send valid credentials", {
      headers: { "WWW-Authenticate": challenge },
    });
  };
}

/** Checks a caller once, by core's own rules, so that no later call fails for it. */
function checked(evt: Evt, { tenantId, clientId }: Caller): CheckedCaller {
  const caller = clientId == null ? { tenantId } : { tenantId, clientId };
  try {
    tenantOf(evt, caller);
    return caller;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TypeError(
      `authenticate must return { tenantId, clientId? }, null or undefined; what it returned cannot be used: ${why}`,
      { cause: error },
    );
  }
}

/** What a caller may read and write: its tenant's events, or its client's. */
export function tenantOf(evt: Evt, { tenantId, clientId }: CheckedCaller): EvtTenant {
  return evt.tenant(tenantId, clientId === undefined ? {} : { clientId });
}
