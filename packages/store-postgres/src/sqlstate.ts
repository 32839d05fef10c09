import { EvtError, type EvtErrorCode, isEvtError } from "@evt/core";

/** Nothing was stored, and the same may succeed at once. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const CONTENDED = new Set([
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "55P03", // lock_not_available
]);

/** A value that this database will never take. */
const REFUSED = new Set([
  "22P02", // invalid_text_representation
  "22P05", // untranslatable_character
  "22003", // numeric_value_out_of_range
  "22007", // invalid_datetime_format
  "22008", // datetime_field_overflow
  "22021", // character_not_in_repertoire
  "22032", // invalid_json_text
  "23514", // check_violation: a constraint that somebody added
  "54000", // program_limit_exceeded: an index row too large
  "54001", // statement_too_complex: JSON nested too deeply
]);

/** The database cannot work now, or nobody knows whether it did. Whole classes end in `*`. */
const UNAVAILABLE = new Set([
  "08*", // connection exception
  "25006", // read_only_sql_transaction: a standby, or a failover under way
  "53*", // insufficient resources: disk full, out of memory, too many connections
  "57014", // query_canceled: statement_timeout, or an administrator
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now
  "57P05", // idle_session_timeout
  "25P03", // idle_in_transaction_session_timeout
  "58*", // system error
]);

/** The error as the seam names it; the original is its cause. What is our own mistake comes back as it is. */
export function storeError(error: unknown): unknown {
  if (isEvtError(error)) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  return new EvtError(code, describe(error), { cause: error });
}

/**
 * An insert into a range of `event` that has no partition: 23514 as well, but of no constraint.
 */
export function isMissingPartition(error: unknown): boolean {
  return sqlStateOf(error) === "23514" && (error as { constraint?: unknown }).constraint === undefined;
}

function codeOf(error: unknown): EvtErrorCode | undefined {
  const state = sqlStateOf(error);
  // Without a SQLSTATE it is the connection that failed: a socket, or the driver's own "Connection terminated".
  if (state === undefined) return isConnectionFailure(error) ? "EVT_STORE_UNAVAILABLE" : undefined;
  if (CONTENDED.has(state)) return "EVT_STORE_CONTENDED";
  if (REFUSED.has(state)) return "EVT_RECORD_REFUSED";
  if (UNAVAILABLE.has(state) || UNAVAILABLE.has(`${state.slice(0, 2)}*`)) return "EVT_STORE_UNAVAILABLE";
  return undefined;
}

function sqlStateOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return false;
  if ("syscall" in error) return true;
  return /connection|timeout|client (has|was|is)|socket|pool/i.test(error.message);
}

function describe(error: unknown): string {
  const state = sqlStateOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return state === undefined ? `postgres: ${message}` : `postgres: ${message} (SQLSTATE ${state})`;
}
