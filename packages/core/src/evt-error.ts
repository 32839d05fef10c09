import type { EventIssue } from "./issue.js";

/**
 * The reason why a whole operation failed. `ingestMany` returns the result of each event as an {@link Outcome}, not as an
 * error.
 *
 * From a store:
 * - `EVT_STORE_UNAVAILABLE`: the store could not be reached, or its response was lost. Send the event again, because it
 *   is unknown whether it is stored.
 * - `EVT_STORE_CONTENDED`: nothing was stored because of other transactions (such as a deadlock or a lock timeout) or
 *   because of a pooler. The same call can succeed when it is repeated immediately.
 * - `EVT_SCHEMA_OUTDATED`: the store's schema does not fit this version of evt. Nothing was stored. An operator must
 *   migrate the schema or upgrade the process. Send the event again later.
 * - `EVT_RECORD_REFUSED`: nothing was stored, because the store can never hold one of the records.
 * - `EVT_PRUNED`: the range begins or ends inside a quarter hour whose events were pruned. Only the total of the whole
 *   quarter hour is known.
 *
 * From core:
 * - `EVT_OVERLOADED`: too many events or calls are waiting. Nothing was stored. Send the event again later.
 * - `EVT_DEADLINE`: the time limit of the call passed. Send the event again, because it is unknown whether it is stored.
 * - `EVT_ABORTED`: the caller's signal aborted. It is unknown whether the event is stored.
 * - `EVT_CLOSED`: this evt is closed. Nothing was stored.
 * - `EVT_INVALID_EVENT`: `prepare` found events that would be rejected, and prepared none; `issues` names them. Or
 *   `ingest` got an envelope that does not have exactly one event.
 * - `EVT_INVALID_QUERY`: the query is not valid; `parameter` names the wrong member.
 * - `EVT_FORBIDDEN`: the view is bound to a client, and the call was a replay or a query for another client.
 * - `EVT_TOO_WIDE`: an aggregation would have too many rows or buckets. evt never returns a truncated result instead.
 * - `EVT_INTERNAL`: an error that a store must not throw: a bug, or for example a missing right in the database. evt does
 *   not retry the call.
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

/** Options of an {@link EvtError}. */
export interface EvtErrorOptions {
  /** The underlying error. For logs; adapters never send it. */
  readonly cause?: unknown;
  /** With `EVT_INVALID_QUERY`, and with `EVT_FORBIDDEN` for another client: the name of the wrong parameter. */
  readonly parameter?: string | undefined;
  /** With `EVT_INVALID_EVENT`: the issues, with the index of each event. */
  readonly issues?: readonly EventIssue[] | undefined;
}

/** A registered symbol, so that two copies of this package in one process recognize each other's errors. */
const brand = Symbol.for("evt.error");

const RETRYABLE: Readonly<Record<EvtErrorCode, boolean>> = {
  EVT_STORE_UNAVAILABLE: true,
  EVT_STORE_CONTENDED: true,
  EVT_SCHEMA_OUTDATED: true,
  EVT_OVERLOADED: true,
  EVT_DEADLINE: true,
  EVT_RECORD_REFUSED: false,
  EVT_PRUNED: false,
  EVT_ABORTED: false,
  EVT_CLOSED: false,
  EVT_INVALID_EVENT: false,
  EVT_INVALID_QUERY: false,
  EVT_FORBIDDEN: false,
  EVT_TOO_WIDE: false,
  EVT_INTERNAL: false,
};

/**
 * The error of an operation that failed as a whole. Recognize it with {@link isEvtError}, not with `instanceof`. evt
 * writes messages that are safe to send to clients and to store with their events. The error of a database or driver is
 * only in `cause`.
 */
export class EvtError extends Error {
  readonly code: EvtErrorCode;
  readonly parameter: string | undefined;
  readonly issues: readonly EventIssue[] | undefined;
  /**
   * Whether the same call, repeated now or later, may succeed. `true` for `EVT_STORE_UNAVAILABLE`, `EVT_STORE_CONTENDED`,
   * `EVT_SCHEMA_OUTDATED`, `EVT_OVERLOADED` and `EVT_DEADLINE`.
   */
  readonly retryable: boolean;
  readonly [brand] = true;

  constructor(code: EvtErrorCode, message: string, options: EvtErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = "EvtError";
    this.code = code;
    this.parameter = options.parameter;
    this.issues = options.issues;
    this.retryable = RETRYABLE[code];
  }

  /** The path in evt's repository where the code is described: `docs/errors.md#evt_closed`. */
  get docs(): string {
    return `docs/errors.md#${this.code.toLowerCase()}`;
  }
}

/**
 * Returns whether `error` is an {@link EvtError}, from this or another copy of the package. If `code` is given, the error
 * must also have that code.
 *
 * @example
 * try {
 *   await events.ingest(raw);
 * } catch (error) {
 *   if (isEvtError(error) && error.retryable) await sendLater(raw);
 *   else throw error;
 * }
 */
export function isEvtError(error: unknown, code?: EvtErrorCode): error is EvtError {
  if (typeof error !== "object" || error === null || !(brand in error)) return false;
  return code === undefined || (error as EvtError).code === code;
}

/** Returns `error` if it is an `EvtError`. Any other error is a bug in the store, so the result is an `EVT_INTERNAL`. */
export function storeFailure(error: unknown): EvtError {
  if (isEvtError(error)) return error;
  return new EvtError("EVT_INTERNAL", "the store threw an error that a store may not throw; see the cause", {
    cause: error,
  });
}

/** Whether evt stops the whole operation after this error, because no event can succeed before an operator acts. */
export function concernsStore({ code }: EvtError): boolean {
  return code === "EVT_INTERNAL" || code === "EVT_SCHEMA_OUTDATED";
}

/** Whether evt retries a store call that failed with this error. */
export function isTransient(error: unknown): error is EvtError {
  return isEvtError(error, "EVT_STORE_UNAVAILABLE") || isEvtError(error, "EVT_STORE_CONTENDED");
}
