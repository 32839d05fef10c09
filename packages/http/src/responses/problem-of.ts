import { type EvtErrorCode, isEvtError } from "@evt/core";
import { isProblem, Problem, unavailable } from "../problem.js";

/**
 * The status of each code. A client should try again after a 503, because the outcome is unknown or the service is
 * temporarily unavailable.
 */
const statusOf = {
  EVT_STORE_UNAVAILABLE: 503,
  EVT_STORE_CONTENDED: 503,
  EVT_SCHEMA_OUTDATED: 503,
  EVT_RECORD_REFUSED: 500,
  EVT_OVERLOADED: 503,
  EVT_DEADLINE: 503,
  EVT_ABORTED: 503,
  EVT_CLOSED: 503,
  EVT_INVALID_EVENT: 422,
  EVT_INVALID_QUERY: 400,
  EVT_FORBIDDEN: 403,
  EVT_PRUNED: 422,
  EVT_TOO_WIDE: 422,
  EVT_INTERNAL: 500,
} satisfies Record<EvtErrorCode, number>;

/** Sent instead of the error's message, which names the schema and its versions. */
const NOT_MIGRATED =
  "the operator of this service has to finish its setup or an upgrade; nothing was stored: send the request again later";

/** Maps a member of core's queries to the usual name of its parameter in a URL, if the two names differ. */
const parameterNames: Readonly<Record<string, string>> = { from: "startDate", to: "endDate" };

/**
 * Maps any thrown value to the problem that is sent to the client. All internal errors have the same generic message.
 * @param url - The request's URL. A problem names a parameter as the URL does.
 */
export function problemOf(error: unknown, url = ""): Problem {
  if (isProblem(error)) return error;
  if (!isEvtError(error) || statusOf[error.code] === 500) {
    return new Problem(500, "EVT_INTERNAL", "an internal error occurred; the request is not at fault");
  }
  if (error.code === "EVT_SCHEMA_OUTDATED") return unavailable(error.code, NOT_MIGRATED);
  const { code, message, parameter } = error;
  if (statusOf[code] === 503) return unavailable(code, message);
  const here =
    parameter === undefined || hasParameter(url, parameter) ? undefined : parameterNames[parameter];
  if (here === undefined) return new Problem(statusOf[code], code, message, { parameter });
  return new Problem(statusOf[code], code, message.replace(/^(?:from|to)\b/, here), { parameter: here });
}

function hasParameter(url: string, name: string): boolean {
  const mark = url.indexOf("?");
  return mark !== -1 && new URLSearchParams(url.slice(mark)).has(name);
}
