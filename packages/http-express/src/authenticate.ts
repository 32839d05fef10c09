import { inspect } from "node:util";
import type { Request } from "express";
import { inTime } from "./in-time.js";
import { Problem } from "./problem.js";

/** Who calls. */
export interface Caller {
  /** Whose events these are. Nothing is ever read or counted across tenants. At most 64 characters. */
  readonly tenantId: string;
  /** The client who calls, where that is known for certain: an event that names another is rejected. */
  readonly clientId?: string;
}

/**
 * Tells who calls. `null` or `undefined`: nobody known, 401. A thrown {@link Forbidden}: known, but not allowed, 403.
 * Anything else thrown is a failure of this side.
 */
export type Authenticate = (req: Request) => Caller | null | undefined | Promise<Caller | null | undefined>;

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
export const OPEN: Caller = { tenantId: "default" };

/** `challenge` is what a 401 names as the way in (RFC 9110, section 11.6.1). `ms` is how long `authenticate` may take. */
export function authenticator(
  authenticate: "open" | Authenticate,
  challenge: string,
  ms: number,
): (req: Request) => Promise<Caller> {
  if (authenticate === "open") return async () => OPEN;
  if (typeof authenticate !== "function") {
    throw new TypeError('createEventRouter needs authenticate: a function of the request, or "open"');
  }
  return async (req) => {
    try {
      const caller = await inTime(async () => authenticate(req), ms);
      if (caller != null) return checked(caller);
    } catch (error) {
      if (error instanceof Error && brand in error) throw new Problem(403, "EVT_FORBIDDEN", error.message);
      throw error;
    }
    throw new Problem(401, "EVT_UNAUTHENTICATED", "who calls is not known; send valid credentials", {
      headers: { "WWW-Authenticate": challenge },
    });
  };
}

function checked(caller: Caller): Caller {
  if (typeof caller.tenantId === "string") return caller;
  throw new TypeError(
    `authenticate must answer { tenantId }, null or undefined; it answered ${inspect(caller)}`,
  );
}
