import { EvtError } from "../evt-error.js";
import { isWellFormed } from "../normalize/text.js";
import type { Instant } from "../queries.js";
import { quoted } from "../quoted.js";
import { parseInstant } from "../time/instant.js";
import { isTimeZone } from "../time/time-zone.js";

export interface Range {
  readonly from?: string;
  readonly to?: string;
}

export function checkedTimeZone(timeZone: unknown = "UTC"): string {
  if (typeof timeZone === "string" && isTimeZone(timeZone)) return timeZone;
  throw invalid(
    "timeZone",
    `timeZone ${quoted(timeZone)} is unknown; name an IANA zone such as "Europe/Berlin"`,
  );
}

/** The half-open range of a query as canonical instants. */
export function checkedRange(
  query: { readonly from?: Instant; readonly to?: Instant },
  timeZone: string,
): Range {
  const from = edge("from", query.from, "start", timeZone);
  const to = edge("to", query.to, "end", timeZone);
  if (from !== undefined && to !== undefined && sixDecimals(from) > sixDecimals(to)) {
    throw invalid("from", `the range begins at ${from}, after its end ${to}; its beginning must come first`);
  }
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
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

/** Canonical timestamps have three or six decimals; with six all of them sort as text. */
function sixDecimals(timestamp: string): string {
  return timestamp.length > 24 ? timestamp : timestamp.replace("Z", "000Z");
}

export function invalid(parameter: string, message: string): EvtError {
  return new EvtError("EVT_INVALID_QUERY", message, { parameter });
}

/** A filter by text: absent, or a text that is not empty and that a store can hold. */
export function checkedText(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && !isWellFormed(value))
    throw invalid(
      name,
      `${name} ${quoted(value)} contains a lone surrogate or NUL, which no event has; send well-formed Unicode`,
    );
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  throw invalid(name, `${name} is ${quoted(value)}; give a text that is not empty, or leave it out`);
}

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
  throw invalid(name, `${name} is ${quoted(value)}; give a whole number from ${least} to ${most}`);
}
