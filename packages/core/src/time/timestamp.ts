import { isDate } from "node:util/types";
import { InexactNumber } from "../inexact-number.js";
import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";
import { ambiguityOf } from "./ambiguous-date.js";
import { canonicalTimestamp, isTimestampMs } from "./canonical-timestamp.js";
import { readIso8601 } from "./iso-8601.js";
import { readPlainTimestamp } from "./plain-timestamp.js";
import { readRfc2822 } from "./rfc-2822.js";
import { readWithFormats, type TimestampFormat } from "./timestamp-format.js";
import { notRecognized, outOfRange } from "./timestamp-problem.js";
import { readUnixNumber, readUnixText } from "./unix-time.js";

export { timestampMs } from "./canonical-timestamp.js";
export type { TimestampFormat } from "./timestamp-format.js";

export interface TimestampRules {
  /** The IANA zone of texts without an offset. @defaultValue "UTC" */
  readonly timeZone?: string;
  /** Further formats, asked in this order where no built-in form matches. Default: none. */
  readonly formats?: readonly TimestampFormat[];
}

/**
 * The canonical text of a timestamp (UTC, `YYYY-MM-DDTHH:mm:ss.sssZ`, or six decimals where there are microseconds),
 * or why there is none. Pure, and never throws on data.
 *
 * Read are ISO 8601 and RFC 3339 ({@link readIso8601}), RFC 2822 ({@link readRfc2822}), Unix time as number or text
 * ({@link readUnixText}), a `Date`, and what `rules.formats` add. Never rolled over (30 February), never guessed
 * (`01/02/2024`), never replaced by the time of today; further digits than a microsecond's are cut.
 *
 * @throws RangeError where `rules.timeZone` is no zone
 */
export function parseTimestamp(value: unknown, rules: TimestampRules = {}): string | Problem {
  if (typeof value === "string") return parseText(value, rules);
  if (typeof value === "number") return parseNumber(value, rules);
  if (isDate(value)) return parseDate(value);
  if (value instanceof InexactNumber) return parseText(value.text, rules);
  return notRecognized(value);
}

/** Most characters of a timestamp. The longest forms are those of RFC 2822, with a comment. */
const MOST_CHARACTERS = 128;

function parseText(value: string, rules: TimestampRules): string | Problem {
  const { timeZone = "UTC" } = rules;
  const plain = readPlainTimestamp(value, timeZone === "UTC");
  if (plain !== null) return plain;
  const text = value.trim();
  if (text.length > MOST_CHARACTERS) return tooLong(text);
  return (
    readIso8601(text, timeZone) ??
    readUnixText(text) ??
    readRfc2822(text, timeZone) ??
    parseUnusualText(text, rules)
  );
}

function tooLong(text: string): Problem {
  return {
    code: "timestamp_not_recognized",
    message: `timestamp ${quoted(text)} has ${text.length} characters; the limit is ${MOST_CHARACTERS}`,
  };
}

function parseNumber(value: number, rules: TimestampRules): string | Problem {
  if (!Number.isFinite(value)) return notRecognized(value);
  return readUnixNumber(value) ?? parseUnusualText(String(value), rules);
}

function parseUnusualText(
  text: string,
  { timeZone = "UTC", formats = [] }: TimestampRules,
): string | Problem {
  return readWithFormats(text, formats, timeZone) ?? ambiguous(text) ?? notRecognized(text);
}

function ambiguous(text: string): Problem | null {
  const ambiguity = ambiguityOf(text);
  if (ambiguity === null) return null;
  const { why, pattern } = ambiguity;
  const option = `timestampFormats: [luxonFormat("${pattern}")] from @evt/core/luxon`;
  return {
    code: "timestamp_ambiguous",
    message: `timestamp ${quoted(text)} is ambiguous, ${why}; send 2024-01-15T10:30:00Z, or settle it in the mapping: ${option}`,
  };
}

function parseDate(date: Date): string | Problem {
  // a subclass may have methods of its own
  const epochMs = Date.prototype.getTime.call(date);
  if (Number.isNaN(epochMs)) return notRecognized("Invalid Date");
  return isTimestampMs(epochMs) ? canonicalTimestamp(epochMs) : outOfRange(`Unix time ${epochMs} ms`);
}
