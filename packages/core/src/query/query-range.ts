import { EvtError } from "../evt-error.js";
import { isWellFormed } from "../normalize/text.js";
import type { Instant } from "../queries.js";
import { quoted } from "../quoted.js";
import { sixDecimals } from "../time/canonical-timestamp.js";
import { parseInstant } from "../time/instant.js";
import { isTimeZone } from "../time/time-zone.js";

/** A range `from ≤ t < to` of canonical timestamps. An absent member leaves that end open. */
export interface Range {
  readonly from?: string;
  readonly to?: string;
}

/** Returns the IANA zone of a query. @throws EvtError `EVT_INVALID_QUERY` */
export function checkedTimeZone(timeZone: unknown = "UTC"): string {
  if (typeof timeZone === "string" && isTimeZone(timeZone)) return timeZone;
  throw invalid(
    "timeZone",
    `timeZone ${quoted(timeZone)} is unknown; name an IANA zone such as "Europe/Berlin"`,
  );
}

/** Returns the range of a query. @throws EvtError `EVT_INVALID_QUERY` */
export function checkedRange(
  query: { readonly from?: Instant | undefined; readonly to?: Instant | undefined },
  timeZone: string,
): Range {
  const from = edge("from", query.from, "start", timeZone);
  const to = edge("to", query.to, "end", timeZone);
  if (from !== undefined && to !== undefined) checkOrder(from, to, isDay(query.to, to, timeZone));
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/**
 * Checks that `from` is not after `to`. Equal instants are accepted, except if `to` is a date without a time: `from` is
 * then after that day.
 */
function checkOrder(from: string, to: string, endsWithDay: boolean): void {
  const [begin, end] = [sixDecimals(from), sixDecimals(to)];
  if (begin < end || (begin === end && !endsWithDay)) return;
  throw invalid("from", `the range begins at ${from}, but ends before ${to}; from must be earlier than to`);
}

/** Returns whether the end of a range is a date without a time. */
function isDay(value: Instant | undefined, to: string, timeZone: string): boolean {
  return value !== undefined && parseInstant(value, { edge: "start", timeZone }) !== to;
}

function edge(
  name: "from" | "to",
  value: Instant | undefined,
  side: "start" | "end",
  timeZone: string,
): string | undefined {
  if (value === undefined) return undefined;
  const instant = parseInstant(value, { edge: side, timeZone });
  if (typeof instant === "string") return instant;
  throw invalid(name, `${name}: ${instant.message}`);
}

/** Returns the error for a query with a wrong member. */
export function invalid(parameter: string, message: string): EvtError {
  return new EvtError("EVT_INVALID_QUERY", message, { parameter });
}

/** Returns the trimmed value of a filter, or `undefined` if it is absent. @throws EvtError `EVT_INVALID_QUERY` */
export function checkedString(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && !isWellFormed(value))
    throw invalid(
      name,
      `${name} ${quoted(value)} contains a lone surrogate or NUL, which no event has; use well-formed Unicode`,
    );
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  throw invalid(name, `${name} is ${quoted(value)}; use a string that is not empty, or leave it out`);
}

/** Returns the number, or `fallback` if it is absent. @throws EvtError `EVT_INVALID_QUERY` */
export function checkedInteger(
  name: string,
  value: unknown,
  least: number,
  most: number,
  fallback: number,
): number {
  if (value === undefined) return fallback;
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
    return value as number;
  throw invalid(name, `${name} is ${quoted(value)}; use a whole number from ${least} to ${most}`);
}
