import { type EvtErrorCode, isEvtError } from "@evt/core";
import { Problem, unavailable } from "../problem.js";

/** Where the fate is unknown or the time was wrong, the sender is to send again: 503. */
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

/** The message of the error is for the operator: it names the schema and versions. */
const UPGRADING =
  "the service is being upgraded and cannot take requests yet; nothing was stored: send it again later";

/** What goes by another name in a query string. */
const parameterNames: Readonly<Record<string, string>> = { from: "startDate", to: "endDate" };

/** What whoever asked is told of whatever was thrown: of what is not meant for them, not a word. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (!isEvtError(error) || statusOf[error.code] === 500) {
    return new Problem(
      500,
      "EVT_INTERNAL",
      "something went wrong on this side, and is not the request's fault",
    );
  }
  if (error.code === "EVT_SCHEMA_OUTDATED") return unavailable(error.code, UPGRADING);
  const { code, message, parameter } = error;
  if (statusOf[code] === 503) return unavailable(code, message);
  const here = parameter === undefined ? undefined : parameterNames[parameter];
  if (here === undefined) return new Problem(statusOf[code], code, message, { parameter });
  return new Problem(statusOf[code], code, message.replace(/^(?:from|to)\b/, here), { parameter: here });
}
