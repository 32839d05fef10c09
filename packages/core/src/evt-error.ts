import type { EventIssue } from "./issue.js";

/**
 * Everything that can go wrong with an operation as a whole. What becomes of one event is an
 * {@link Outcome}, never an error.
 *
 * From a store:
 * - `EVT_STORE_UNAVAILABLE` the store could not be asked, or its answer was lost: the fate is unknown. Send again.
 * - `EVT_STORE_CONTENDED` nothing was stored; the same call may succeed at once (deadlock, lock timeout).
 * - `EVT_SCHEMA_OUTDATED` the store's schema and this version of the store do not fit; nothing was stored. An operator has
 *   to act: migrate the schema, or upgrade the process. Send again later.
 * - `EVT_RECORD_REFUSED` nothing was stored, and a record among them never will be.
 * - `EVT_PRUNED` a range cuts what events that were pruned went into: only whole quarters of an hour are known of it.
 *
 * From the core:
 * - `EVT_OVERLOADED` too much is waiting already; nothing was stored. Send again later.
 * - `EVT_DEADLINE` the call's time was over. The fate is unknown. Send again.
 * - `EVT_ABORTED` the caller's signal fired. The fate is unknown.
 * - `EVT_CLOSED` this evt was closed; nothing was stored.
 * - `EVT_INVALID_EVENT` events that were to be prepared would be rejected; `issues` name which and why. None was prepared.
 * - `EVT_INVALID_QUERY` a query cannot be answered as asked; `parameter` names the culprit.
 * - `EVT_FORBIDDEN` a view that is bound to a client was asked for another client's, or to replay.
 * - `EVT_TOO_WIDE` an aggregation would have more rows than allowed; never cut off instead.
 * - `EVT_INTERNAL` a defect, of a store or of evt. Not retried.
 */
export type EvtErrorCode =
  | "EVT_STORE_UNAVAILABLE"
  | "EVT_STORE_CONTENDED"
  | "EVT_SCHEMA_OUTDATED"
  | "EVT_RECORD_REFUSED"
  | "EVT_PRUNED"
  | "EVT_OVERLOADED"
  | "EVT_DEADLINE"
  | "EVT_ABORTED"
  | "EVT_CLOSED"
  | "EVT_INVALID_EVENT"
  | "EVT_INVALID_QUERY"
  | "EVT_FORBIDDEN"
  | "EVT_TOO_WIDE"
  | "EVT_INTERNAL";

export interface EvtErrorOptions {
  /** What lies beneath. For logs: adapters never send it to anyone. */
  readonly cause?: unknown;
  /** With `EVT_INVALID_QUERY` and `EVT_FORBIDDEN`: the parameter that is wrong. */
  readonly parameter?: string;
  /** With `EVT_INVALID_EVENT`: what is wrong with which event. */
  readonly issues?: readonly EventIssue[];
}

/** Two copies of this package in one process must recognise each other's errors, so the brand is a registered symbol. */
const brand = Symbol.for("evt.error");

/** Its message may be sent to clients and stored with their events: what a database or a driver said is the cause. */
export class EvtError extends Error {
  readonly code: EvtErrorCode;
  readonly parameter: string | undefined;
  readonly issues: readonly EventIssue[] | undefined;
  readonly [brand] = true;

  constructor(code: EvtErrorCode, message: string, options: EvtErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = "EvtError";
    this.code = code;
    this.parameter = options.parameter;
    this.issues = options.issues;
  }

  /** Where the code is described, as a path in the repository of evt: `docs/errors.md#evt_closed`. */
  get docs(): string {
    return `docs/errors.md#${this.code.toLowerCase()}`;
  }
}

/** Whether `error` is an {@link EvtError}, of this or of another copy of the package, and of `code` where given. */
export function isEvtError(error: unknown, code?: EvtErrorCode): error is EvtError {
  if (typeof error !== "object" || error === null || !(brand in error)) return false;
  return code === undefined || (error as EvtError).code === code;
}

/** What a store threw: its own word where it kept to the seam, else a defect of it. */
export function storeFailure(error: unknown): EvtError {
  if (isEvtError(error)) return error;
  return new EvtError("EVT_INTERNAL", "the store failed in a way it must not; see the cause", {
    cause: error,
  });
}

/** Whether the error concerns the store rather than events: an operation that meets it fails as a whole, at once. */
export function concernsStore({ code }: EvtError): boolean {
  return code === "EVT_INTERNAL" || code === "EVT_SCHEMA_OUTDATED";
}

/** Whether sending the same again may succeed. */
export function isTransient(error: unknown): error is EvtError {
  return isEvtError(error, "EVT_STORE_UNAVAILABLE") || isEvtError(error, "EVT_STORE_CONTENDED");
}
