import { checkKnown, givenTextProblem, quoted, tenantIdProblem } from "@evt/core/adapter";
import type { Scope } from "@evt/http";

/** Options of `create`. */
export interface CreateKeyOptions {
  /** The tenant whose events the key reads and writes: 1 to 64 characters. */
  readonly tenantId: string;
  /** What the key may do: at least one of `ingest`, `read`, `replay`, `admin`. */
  readonly scopes: readonly Scope[];
  /** Binds the key to a client. @defaultValue the key acts for the whole tenant */
  readonly clientId?: string | null | undefined;
  /** A name for people, of up to 255 characters. @defaultValue none */
  readonly name?: string | null | undefined;
  /** When the key stops working: a `Date`, or an instant in ISO 8601 with a time zone. @defaultValue never */
  readonly expiresAt?: Date | string | null | undefined;
}

/** Options of `rotate`. */
export interface RotateKeyOptions {
  /** The tenant of the key. */
  readonly tenantId: string;
  /** The id of the key. */
  readonly id: string;
  /** When the old key stops working, unless it expires earlier. @defaultValue in 24 hours */
  readonly expireOldAt?: Date | string | null | undefined;
  /**
   * When the new key stops working. By default, the time from its creation to its expiry is the same as for the old key.
   * @defaultValue the lifetime of the old key
   */
  readonly expiresAt?: Date | string | null | undefined;
}

/** A valid description of a new key. */
export interface KeyDescription {
  readonly tenantId: string;
  readonly clientId: string | null;
  readonly name: string | null;
  readonly scopes: readonly Scope[];
  readonly expiresAt: string | null;
}

const SCOPES: readonly Scope[] = ["ingest", "read", "replay", "admin"];

/** Thrown for an invalid option. Its message may be sent to the client that set the option. */
export class InvalidKeyOption extends TypeError {}

/** Returns the result of checks. @throws InvalidKeyOption instead of any other TypeError */
export function checking<T>(checks: () => T): T {
  try {
    return checks();
  } catch (error) {
    throw error instanceof TypeError ? new InvalidKeyOption(error.message) : error;
  }
}

/** @throws TypeError that names the invalid option */
export function checkedDescription(options: CreateKeyOptions, now: number): KeyDescription {
  checkKnown("create", options, ["tenantId", "scopes", "clientId", "name", "expiresAt"]);
  const { tenantId, scopes, clientId = null, name = null, expiresAt = null } = options;
  checkTenant(tenantId);
  checkText("clientId", clientId);
  checkText("name", name);
  if (clientId !== null && Array.isArray(scopes) && scopes.includes("admin"))
    throw new TypeError(
      'scopes has "admin", and the key is bound to a client; only a key of the whole tenant can be admin',
    );
  return {
    tenantId,
    clientId,
    name,
    scopes: checkedScopes(scopes),
    expiresAt: instant("expiresAt", expiresAt, now),
  };
}

/** When the keys of a rotation expire. */
export interface RotationTimes {
  readonly oldExpiresAt: string;
  /** `null` if not given. */
  readonly newExpiresAt: string | null;
}

const DAY_MS = 86_400_000;

/** @throws TypeError that names the invalid option */
export function checkedRotation(options: RotateKeyOptions, now: number): RotationTimes {
  checkKnown("rotate", options, ["tenantId", "id", "expireOldAt", "expiresAt"]);
  checkTenant(options.tenantId);
  checkId(options.id);
  const oldExpiresAt =
    instant("expireOldAt", options.expireOldAt, now) ?? new Date(now + DAY_MS).toISOString();
  return { oldExpiresAt, newExpiresAt: instant("expiresAt", options.expiresAt, now) };
}

/** @throws TypeError if the id is not a string */
export function checkId(id: unknown): void {
  if (typeof id !== "string") throw new TypeError(`id is ${quoted(id)}; it must be a string`);
}

/** @throws TypeError if the tenant is invalid */
export function checkTenant(tenantId: unknown): void {
  const problem = tenantIdProblem(tenantId);
  if (problem !== undefined) throw new TypeError(problem);
}

function checkText(name: string, value: unknown): void {
  const problem = value === null ? undefined : givenTextProblem(value, name);
  if (problem !== undefined) throw new TypeError(problem);
}

/** Returns the scopes in a fixed order, each once. */
function checkedScopes(given: unknown): readonly Scope[] {
  if (!Array.isArray(given) || given.length === 0)
    throw new TypeError(`scopes is ${quoted(given)}; it must be an array of at least one scope`);
  for (const scope of given)
    if (!SCOPES.includes(scope))
      throw new TypeError(`scopes has ${quoted(scope)}; the scopes are ${SCOPES.join(", ")}`);
  return SCOPES.filter((scope) => given.includes(scope));
}

/** `2027-01-01T00:00:00Z`, with optional seconds and fraction, and `Z` or an offset. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;
/** The end of the year 9999, in Unix milliseconds. Later instants have another form, which does not sort as text. */
export const LAST_MS = Date.UTC(10_000, 0, 1) - 1;

/** Returns an instant as UTC in ISO 8601. @throws TypeError if the value is not a future instant */
function instant(name: string, value: unknown, now: number): string | null {
  if (value === null || value === undefined) return null;
  const isGiven = value instanceof Date || (typeof value === "string" && INSTANT.test(value));
  const ms = isGiven ? new Date(value).getTime() : Number.NaN;
  if (Number.isNaN(ms) || ms > LAST_MS)
    throw new TypeError(`${name} is ${quoted(value)}; give an instant such as 2027-01-01T00:00:00Z`);
  if (ms < now) throw new TypeError(`${name} is ${new Date(ms).toISOString()}, which has passed`);
  return new Date(ms).toISOString();
}
