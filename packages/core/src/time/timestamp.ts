import { isInexactNumber } from "../inexact-number.js";
import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";
import { ambiguityOf } from "./ambiguous-date.js";
import { canonicalTimestamp, isTimestampMs } from "./canonical-timestamp.js";
import { isDate } from "./is-date.js";
import { readIso8601 } from "./iso-8601.js";
import { readPlainTimestamp } from "./plain-timestamp.js";
import { readRfc2822 } from "./rfc-2822.js";
import { readWithFormats, type TimestampFormat } from "./timestamp-format.js";
import { notRecognized, outOfRange } from "./timestamp-problem.js";
import { readUnixNumber, readUnixText } from "./unix-time.js";

export { timestampMs } from "./canonical-timestamp.js";
export type { TimestampFormat } from "./timestamp-format.js";

/** Options of {@link parseTimestamp}. */
export interface TimestampRules {
  /** The IANA zone of strings without an offset. @defaultValue "UTC" */
  readonly timeZone?: string;
  /** Further formats, tried in this order if no built-in form fits. @defaultValue none */
  readonly formats?: readonly TimestampFormat[];
}

/**
 * Returns the canonical timestamp (UTC, `YYYY-MM-DDTHH:mm:ss.sssZ`, or six decimals for microseconds), or the problem. Pure,
 * and never throws on data.
 *
 * It reads ISO 8601 and RFC 3339 ({@link readIso8601}), RFC 2822 ({@link readRfc2822}), Unix time as number or string
 * ({@link readUnixText}), a `Date`, and the formats in `rules.formats`. A timestamp is never rolled over (30 February), never
 * guessed (`01/02/2024`), and never replaced by the current time. Digits beyond a microsecond are cut.
 *
 * @throws RangeError if `rules.timeZone` is not a zone
 */
export function parseTimestamp(value: unknown, rules: TimestampRules = {}): string | Problem {
  if (typeof value === "string") return parseText(value, rules);
  if (typeof value === "number") return parseNumber(value, rules);
  if (isDate(value)) return parseDate(value);
  if (isInexactNumber(value)) return parseText(value.text, rules);
  return notRecognized(value);
}

/** Maximum length of a timestamp. RFC 2822 with a comment is the longest form. */
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
    message: `timestamp ${quoted(text)} is ambiguous, ${why}; send 2024-01-15T10:30:00Z, or name the format in the mapping: ${option}`,
  };
}

function parseDate(date: Date): string | Problem {
  // a subclass may have methods of its own
  const epochMs = Date.prototype.getTime.call(date);
  if (Number.isNaN(epochMs)) return notRecognized("Invalid Date");
  return isTimestampMs(epochMs) ? canonicalTimestamp(epochMs) : outOfRange(`Unix time ${epochMs} ms`);
}
