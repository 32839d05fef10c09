import { isInexactNumber } from "../inexact-number.js";
import type { Problem } from "../problem.js";
import { unsettledDate } from "./ambiguous-date.js";
import { canonicalTimestamp, isTimestampMs, sixDecimals } from "./canonical-timestamp.js";
import { type EpochOptions, type EpochRule, type EpochUnit, epochRule } from "./epoch.js";
import { cutToMicros } from "./exact-timestamp.js";
import { type ExcelSystem, readExcelSerial } from "./excel-serial.js";
import { incompleteTime } from "./incomplete-time.js";
import { isDate } from "./is-date.js";
import { readIso8601 } from "./iso-8601.js";
import { isoInstant } from "./iso-instant.js";
import { boundOptions, notUnixTime } from "./number-problem.js";
import { type PlainDateRules, readPlainDate } from "./plain-date.js";
import { readPlainTimestamp } from "./plain-timestamp.js";
import type { RepeatedLocalTime } from "./time-zone.js";
import { readWithFormats, type TimestampFormat } from "./timestamp-format.js";
import { afterLatest, beforeEarliest, notRecognized, outOfRange, unreadable } from "./timestamp-problem.js";
import { readUnixNumber, readUnixText } from "./unix-time.js";

export { timestampMs } from "./canonical-timestamp.js";
export type { TimestampFormat } from "./timestamp-format.js";

/** The rules for reading timestamps. */
export interface TimestampRules {
  /** The IANA zone of times without an offset. @defaultValue "UTC" */
  readonly timeZone?: string | undefined;
  /** How a local time that occurs twice is read. @defaultValue "reject" */
  readonly repeatedLocalTime?: RepeatedLocalTime | undefined;
  /** The meaning of zone names: an IANA zone, or an offset. @defaultValue none */
  readonly zoneNames?: Readonly<Record<string, string>> | undefined;
  /** Formats that are tried before the built-in forms, in this order. @defaultValue none */
  readonly formats?: readonly TimestampFormat[] | undefined;
  /** Unix time. @defaultValue 2000 to 2100 in any unit */
  readonly epoch?: EpochUnit | EpochOptions | undefined;
  /** Whether numbers may be Excel dates. @defaultValue false */
  readonly excelSerial?: boolean | "1904" | undefined;
  /** The earliest accepted instant, as ISO 8601. @defaultValue no limit */
  readonly earliest?: string | undefined;
  /** The latest accepted instant, as ISO 8601. @defaultValue no limit */
  readonly latest?: string | undefined;
}

/**
 * Returns the canonical timestamp of a value, or the problem. Reads the value as {@link TimestampReader} does, and drops
 * digits beyond the microsecond.
 */
export function parseTimestamp(value: unknown, rules: TimestampRules = {}): string | Problem {
  const exact = new TimestampReader(rules).read(value);
  return typeof exact === "string" ? cutToMicros(exact) : exact;
}

/** Maximum length of a timestamp. Enough for JavaScript's `Date` as a string with a long zone name. */
const MOST_CHARACTERS = 128;

const FIRST = "0001-01-01T00:00:00.000Z";
const LAST = "9999-12-31T23:59:59.999999Z";
/** Follows a date, and sorts after every time of that day. */
const AFTER_DAY = "T~";

/**
 * Reads timestamps by one set of rules. It reads the formats of the rules, ISO 8601 and RFC 3339 ({@link readIso8601}),
 * and Unix time as a number or string ({@link readUnixText}). It also reads a `Date`, Excel dates if the rules allow
 * them, and dates whose year comes first or whose month has its English name ({@link readPlainDate}). It rejects 30 February
 * instead of reading it as 1 March, and `01/02/2024` instead of guessing. It never uses the current time instead of a
 * timestamp.
 */
export class TimestampReader {
  readonly #datesAreUtc: boolean;
  readonly #local: PlainDateRules;
  readonly #formats: readonly TimestampFormat[];
  readonly #epoch: EpochRule;
  readonly #excel: ExcelSystem | null;
  readonly #earliest: string;
  readonly #latest: string;
  /** Timestamps between `#afterEarliestDay` and `#latestDay` need no exact comparison with the limits. */
  readonly #afterEarliestDay: string;
  readonly #latestDay: string;

  constructor({
    timeZone = "UTC",
    repeatedLocalTime = "reject",
    zoneNames = {},
    formats = [],
    epoch,
    excelSerial = false,
    earliest,
    latest,
  }: TimestampRules) {
    const names = Object.entries(zoneNames).map(([name, zone]) => [name.toLowerCase(), zone] as const);
    this.#datesAreUtc = timeZone === "UTC";
    this.#local = { timeZone, repeatedLocalTime, zoneNames: new Map(names) };
    this.#formats = formats;
    this.#epoch = epochRule(epoch);
    this.#excel = excelSerial === false ? null : excelSerial === "1904" ? "1904" : "1900";
    this.#earliest = earliest === undefined ? FIRST : isoInstant("earliest", earliest);
    this.#latest = latest === undefined ? LAST : isoInstant("latest", latest);
    this.#afterEarliestDay = this.#earliest.slice(0, 10) + AFTER_DAY;
    this.#latestDay = this.#latest.slice(0, 10);
  }

  /** Returns the exact timestamp ({@link exactTimestamp}), or the problem. */
  read(value: unknown): string | Problem {
    const exact = this.#readAny(value);
    if (typeof exact !== "string" || (exact > this.#afterEarliestDay && exact < this.#latestDay))
      return exact;
    return this.#outside(value, cutToMicros(exact)) ?? exact;
  }

  #readAny(value: unknown): string | Problem {
    if (typeof value === "string") return this.#readText(value);
    if (typeof value === "number") return this.#readNumber(value);
    if (isDate(value)) return parseDate(value);
    if (isInexactNumber(value)) return this.#readText(value.text);
    return notRecognized(value);
  }

  #readText(value: string): string | Problem {
    const isPlain = this.#formats.length === 0;
    const plain = isPlain ? readPlainTimestamp(value, this.#datesAreUtc) : null;
    if (plain !== null) return plain;
    const text = value.trim();
    if (text.length > MOST_CHARACTERS) return tooLong(text);
    return (
      (isPlain ? null : this.#readWithFormats(text)) ??
      readIso8601(text, this.#local) ??
      this.#readSerial(text) ??
      readUnixText(text, this.#epoch) ??
      readPlainDate(text, this.#local) ??
      this.#problemOf(text)
    );
  }

  #readNumber(value: number): string | Problem {
    if (!Number.isFinite(value)) return notRecognized(value);
    if (this.#formats.length === 0 && this.#excel === null)
      return readUnixNumber(value, this.#epoch) ?? this.#problemOf(value);
    const text = String(value);
    return (
      this.#readWithFormats(text) ??
      this.#readSerial(text) ??
      readUnixNumber(value, this.#epoch) ??
      this.#problemOf(value)
    );
  }

  #readWithFormats(text: string): string | Problem | null {
    return readWithFormats(text, this.#formats, this.#local);
  }

  #readSerial(text: string): string | Problem | null {
    return this.#excel === null ? null : readExcelSerial(text, this.#excel, this.#epoch, this.#local);
  }

  #problemOf(value: string | number): Problem {
    const bounds = { earliest: this.#earliest, latest: this.#latest };
    const further = (year: number) => boundOptions(startOfYear(year), bounds);
    const rules = { ...bounds, epoch: this.#epoch, excelSerial: this.#excel !== null };
    return (
      unsettledDate(String(value), further) ??
      notUnixTime(value, rules) ??
      incompleteTime(String(value)) ??
      notRecognized(value)
    );
  }

  /** Returns the problem of a timestamp outside `earliest` to `latest`, or `null`. */
  #outside(value: unknown, timestamp: string): Problem | null {
    const shown = isDate(value) ? timestamp : value;
    const bounds = { earliest: this.#earliest, latest: this.#latest };
    const comparable = sixDecimals(timestamp);
    if (comparable < sixDecimals(this.#earliest))
      return beforeEarliest(shown, timestamp, this.#earliest, boundOptions(timestamp, bounds));
    if (comparable > sixDecimals(this.#latest))
      return afterLatest(shown, timestamp, this.#latest, boundOptions(timestamp, bounds));
    return null;
  }
}

function startOfYear(year: number): string {
  return `${String(year).padStart(4, "0")}-01-01T00:00:00.000Z`;
}

function tooLong(text: string): Problem {
  return unreadable(text, `has ${text.length} characters; the limit is ${MOST_CHARACTERS}`);
}

function parseDate(date: Date): string | Problem {
  // not date.getTime(), because a subclass may override it
  const epochMs = Date.prototype.getTime.call(date);
  if (Number.isNaN(epochMs)) return notRecognized("Invalid Date");
  return isTimestampMs(epochMs) ? canonicalTimestamp(epochMs) : outOfRange(`Unix time ${epochMs} ms`);
}
