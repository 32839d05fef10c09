import { EvtError, type EvtErrorCode, isEvtError } from "@evt/core";

// What the codes mean: https://www.postgresql.org/docs/current/errcodes-appendix.html. Whole classes end in `*`.

/** Nothing was stored, and the same may succeed at once. */
const CONTENDED = [
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "55P03", // lock_not_available
];

/** Nothing was stored: somebody between here and Postgres dropped or doubled what was prepared. A new connection mends it. */
const UNPREPARED = [
  "26000", // invalid_sql_statement_name
  "42P05", // duplicate_prepared_statement
];

/** A value that this database will never take. */
const REFUSED = [
  "22001", // string_data_right_truncation
  "22003", // numeric_value_out_of_range
  "22007", // invalid_datetime_format
  "22008", // datetime_field_overflow
  "22021", // character_not_in_repertoire
  "22032", // invalid_json_text
  "22P02", // invalid_text_representation
  "22P05", // untranslatable_character
  "23*", // integrity constraint violation: of a constraint that somebody added
  "54000", // program_limit_exceeded: an index row too large
  "54001", // statement_too_complex: JSON nested too deeply
  "P0001", // raise_exception: of a trigger that somebody added
];

/** The database cannot work now; nothing was stored, and the connection is as good as before. */
const BUSY = [
  "53100", // disk_full
  "53200", // out_of_memory
  "57014", // query_canceled: statement_timeout, or an administrator
];

/** The database cannot work now, or nobody knows whether it did. */
const UNAVAILABLE = [
  ...BUSY,
  "08*", // connection exception
  "25006", // read_only_sql_transaction: a standby, or a failover under way
  "25P03", // idle_in_transaction_session_timeout
  "53*", // insufficient resources, as too many connections
  "57*", // operator intervention: shutdown, crash, starting up, idle_session_timeout
  "58*", // system error
];

const HINTS: readonly (readonly [states: readonly string[], hint: string])[] = [
  [["3F000", "42P01", "42883"], "was the schema migrated, and has the store its name?"],
  [["42501"], "has the role the grants it needs?"],
];

/**
 * What a statement was answered with, as the seam names it; the original is its cause.
 * Without a SQLSTATE the answer was lost on its way. A mistake in the call itself comes back as it is.
 */
export function statementError(error: unknown): unknown {
  const state = sqlStateOf(error);
  if (state !== undefined) return new EvtError(codeOf(state), describe(state), { cause: error });
  if (error instanceof TypeError || error instanceof RangeError) return error;
  return new EvtError("EVT_STORE_UNAVAILABLE", `the connection to postgres failed${reason(error)}`, {
    cause: error,
  });
}

/** Why there is no connection. Nothing was asked yet, whatever the reason. */
export function connectError(error: unknown): EvtError {
  const state = sqlStateOf(error);
  const why = state === undefined ? reason(error) : `: SQLSTATE ${state}`;
  return new EvtError("EVT_STORE_UNAVAILABLE", `there is no connection to postgres${why}`, {
    cause: error,
  });
}

/**
 * Whether the connection is as good as before: Postgres itself answered the error, and nothing about the session; or the
 * schema did not fit, which is found out before a transaction begins.
 */
export function leavesConnectionSound(error: unknown): boolean {
  if (isEvtError(error, "EVT_SCHEMA_OUTDATED")) return true;
  const state = stateBeneath(error);
  return state !== undefined && isAmong([...CONTENDED, ...REFUSED, ...BUSY], state);
}

/** An insert into a range of `event` that has no partition: 23514 as well, but of no constraint. */
export function isMissingPartition(error: unknown): boolean {
  if (stateBeneath(error) !== "23514") return false;
  const { constraint } = (error as EvtError).cause as { readonly constraint?: unknown };
  return constraint === undefined;
}

/** A COPY of claims of which one is taken: by an insert that has committed, or did while it was waited for. */
export function isTakenClaim(error: unknown): boolean {
  if (stateBeneath(error) !== "23505") return false;
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

function stateBeneath(error: unknown): string | undefined {
  return isEvtError(error) ? sqlStateOf(error.cause) : undefined;
}

/** Only what the server sends has a severity; EPIPE looks like a SQLSTATE, too. */
export function sqlStateOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code, severity } = error as { readonly code?: unknown; readonly severity?: unknown };
  return typeof code === "string" && typeof severity === "string" && code.length === 5 ? code : undefined;
}

/** Clients may read it: what Postgres says names tables, constraints and the words of triggers, and is the cause. */
function describe(state: string): string {
  const hint = HINTS.find(([states]) => states.includes(state))?.[1];
  const message = `postgres answered with SQLSTATE ${state}`;
  return hint === undefined ? message : `${message}; ${hint}`;
}

/** The error's code if it has one, never its message: those of sockets name the address of the database. */
function reason(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? `: ${code}` : "; the cause says why";
}
