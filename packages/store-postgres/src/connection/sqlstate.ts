import { EvtError, type EvtErrorCode, isEvtError } from "@evt/core/store";

// Meaning of the codes: https://www.postgresql.org/docs/current/errcodes-appendix.html. `*` stands for a whole class.

/** Nothing was stored, and an immediate retry may succeed. */
const CONTENDED = [
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "55P03", // lock_not_available
];

/**
 * The server connection does not have the prepared statement, or already has one of that name. This happens behind a
 * pooler. Nothing was stored. A retry on a new connection may succeed.
 */
const UNPREPARED = [
  "26000", // invalid_sql_statement_name
  "42P05", // duplicate_prepared_statement
];

/**
 * The database refuses a record, usually permanently. For exceptions, see {@link isMissingPartition} and {@link
 * isTakenClaim}.
 */
const REFUSED = [
  "22001", // string_data_right_truncation
  "22003", // numeric_value_out_of_range
  "22007", // invalid_datetime_format
  "22008", // datetime_field_overflow
  "22021", // character_not_in_repertoire
  "22032", // invalid_json_text
  "22P02", // invalid_text_representation
  "22P05", // untranslatable_character
  "23*", // integrity constraint violation: from a constraint that someone added
  "54000", // program_limit_exceeded: an index row too large
  "54001", // statement_too_complex: JSON nested too deeply
  "P0001", // raise_exception: from a trigger that someone added
];

/** The database cannot run the statement now. Nothing was stored, and the connection can be reused. */
const BUSY = [
  "53100", // disk_full
  "53200", // out_of_memory
  "57014", // query_canceled: statement_timeout, or a cancel request
];

/** The database cannot run the statement now, or it is unknown whether the database ran it. */
const UNAVAILABLE = [
  ...BUSY,
  "08*", // connection exception
  "25006", // read_only_sql_transaction: a standby, or a failover in progress
  "25P03", // idle_in_transaction_session_timeout
  "53*", // insufficient resources, such as too many connections
  "57*", // operator intervention: shutdown, crash, starting up, idle_session_timeout
  "58*", // system error
];

/**
 * Readable reasons for refused connections. Postgres's own message can contain the name of the role, so clients must
 * not see it.
 */
const CONNECT_REASONS: Readonly<Record<string, string>> = {
  "28000": "the login is not allowed",
  "28P01": "password authentication failed",
  "3D000": "the database does not exist",
  "42501": "the role may not connect to the database",
  "53300": "too many connections",
  "57P03": "the server does not accept connections now",
};

const HINTS: readonly (readonly [states: readonly string[], hint: string])[] = [
  [["3F000", "42P01", "42883"], "check that migrate has run and that the schema name is right"],
  [["42501"], "check the grants of the role"],
];

/**
 * Converts a failed query's error to an EvtError that a store may throw, with the original as `cause`. A TypeError or
 * RangeError is a mistake in the call and is returned unchanged. After any other error without a SQLSTATE, it is unknown
 * whether Postgres ran the query.
 */
export function statementError(error: unknown): unknown {
  const state = sqlStateOf(error);
  if (state !== undefined) return new EvtError(codeOf(state), describe(state), { cause: error });
  if (error instanceof TypeError || error instanceof RangeError) return error;
  return new EvtError("EVT_STORE_UNAVAILABLE", `the connection to postgres failed${reason(error)}`, {
    cause: error,
  });
}

/** Converts an error from `pool.connect()` to an EvtError. evt has not sent a statement yet. */
export function connectError(error: unknown): EvtError {
  const state = sqlStateOf(error);
  const why = state === undefined ? reason(error) : refusal(state);
  return new EvtError("EVT_STORE_UNAVAILABLE", `cannot connect to postgres${why}`, {
    cause: error,
  });
}

/**
 * Returns true if the connection can be reused after this error. Postgres returned the error, and the session is not
 * affected. EVT_SCHEMA_OUTDATED is thrown before a transaction begins, so the connection can be reused too.
 */
export function leavesConnectionReusable(error: unknown): boolean {
  if (isEvtError(error, "EVT_SCHEMA_OUTDATED")) return true;
  const state = causeState(error);
  return state !== undefined && isAmong([...CONTENDED, ...REFUSED, ...BUSY], state);
}

/**
 * Returns true if the error means that the table `event` has no partition for a row. Postgres uses SQLSTATE 23514 for
 * this and for violated check constraints. Only the error of a check constraint has the field `constraint`.
 */
export function isMissingPartition(error: unknown): boolean {
  if (causeState(error) !== "23514") return false;
  const { constraint } = (error as EvtError).cause as { readonly constraint?: unknown };
  return constraint === undefined;
}

/** Returns true if a COPY failed because a claim is taken. */
export function isTakenClaim(error: unknown): boolean {
  if (causeState(error) !== "23505") return false;
  const { table } = (error as EvtError).cause as { readonly table?: unknown };
  return table === "claim";
}

function codeOf(state: string): EvtErrorCode {
  if (isAmong([...CONTENDED, ...UNPREPARED], state)) return "EVT_STORE_CONTENDED";
  if (isAmong(REFUSED, state)) return "EVT_RECORD_REFUSED";
  if (isAmong(UNAVAILABLE, state)) return "EVT_STORE_UNAVAILABLE";
  return "EVT_INTERNAL";
}

function isAmong(states: readonly string[], state: string): boolean {
  return states.includes(state) || states.includes(`${state.slice(0, 2)}*`);
}

function causeState(error: unknown): string | undefined {
  return isEvtError(error) ? sqlStateOf(error.cause) : undefined;
}

/**
 * Returns an error's SQLSTATE, or `undefined` if it has none. A Node error such as `EPIPE` also has a code of five
 * characters, but no severity.
 */
export function sqlStateOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code, severity } = error as { readonly code?: unknown; readonly severity?: unknown };
  return typeof code === "string" && typeof severity === "string" && code.length === 5 ? code : undefined;
}

/**
 * Returns a message that clients may see. Postgres's own message can name tables, constraints and triggers, so it
 * is only in `cause`.
 */
function describe(state: string): string {
  const hint = HINTS.find(([states]) => states.includes(state))?.[1];
  const message = `postgres returned SQLSTATE ${state}`;
  return hint === undefined ? message : `${message}; ${hint}`;
}

function refusal(state: string): string {
  const readable = CONNECT_REASONS[state];
  return readable === undefined ? `: SQLSTATE ${state}` : `: SQLSTATE ${state}, ${readable}`;
}

/** Describes an error by its code. Never uses its message: socket error messages contain the database's address. */
function reason(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? `: ${code}` : "; see the cause";
}
