import { quoted } from "@evt/core/adapter";
import { Problem } from "../problem.js";

/**
 * What a caller may do. No scope includes another one.
 *
 * - `ingest`: send events. Without `read`, the results contain no stored data.
 * - `read`: read events, reasons, histories, names and totals.
 * - `replay`: replay parked events. The results contain these events.
 * - `admin`: use the routes that manage the tenant, such as the routes of `@evt/api-keys`.
 */
export type Scope = "ingest" | "read" | "replay" | "admin";

/** All scopes. */
export const SCOPES: readonly Scope[] = ["ingest", "read", "replay", "admin"];

/** The scopes of a caller without `scopes`: all except `admin`. */
export const DEFAULT_SCOPES: ReadonlySet<Scope> = new Set<Scope>(["ingest", "read", "replay"]);

/** Returns the scopes of a caller. @throws TypeError if they are not an array of scopes */
export function checkedScopes(given: unknown): ReadonlySet<Scope> {
  if (given === undefined) return DEFAULT_SCOPES;
  if (!Array.isArray(given)) throw new TypeError(`scopes is ${quoted(given)}; it must be an array`);
  for (const scope of given) {
    if (SCOPES.includes(scope)) continue;
    throw new TypeError(`scopes has ${quoted(scope)}; the scopes are ${SCOPES.join(", ")}`);
  }
  return new Set(given);
}

/** @throws Problem 403 unless `scopes` contains `scope` */
export function requireScope(scopes: ReadonlySet<Scope>, scope: Scope): void {
  if (scopes.has(scope)) return;
  throw new Problem(403, "EVT_SCOPE_MISSING", `this caller does not have the scope "${scope}"`, { scope });
}
