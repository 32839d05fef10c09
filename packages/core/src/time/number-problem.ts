import type { Problem } from "../problem.js";
import { calendarReading } from "./ambiguous-date.js";
import { canonicalTimestamp, sixDecimals } from "./canonical-timestamp.js";
import { SECOND_MS } from "./civil-date.js";
import { type EpochRule, type EpochUnit, epochRule, UNITS } from "./epoch.js";
import { cutToMicros } from "./exact-timestamp.js";
import { isExcelSerial } from "./excel-serial.js";
import { otherEpoch } from "./other-epoch.js";
import { unreadable } from "./timestamp-problem.js";
import { readUnixText } from "./unix-time.js";

/** The range of timestamps that a mapping accepts, as canonical timestamps. */
export interface Bounds {
  readonly earliest: string;
  readonly latest: string;
}

/** The rules by which a mapping accepts numbers as timestamps. */
export interface NumberRules extends Bounds {
  readonly epoch: EpochRule;
  readonly excelSerial: boolean;
}

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
/** For a number below each size: the unit that is tried first. */
const LARGEST: readonly (readonly [unit: EpochUnit, size: number])[] = [
  ["seconds", 1e11],
  ["milliseconds", 1e14],
  ["microseconds", 1e17],
  ["nanoseconds", Infinity],
];

/**
 * Returns the problem of a number that is neither a date nor Unix time in the range. The message suggests options that
 * may accept the number. `null` if the value is not a plain number, or if its digits can be read as a date.
 */
export function notUnixTime(value: string | number, rules: NumberRules): Problem | null {
  const text = String(value);
  if (!NUMBER.test(text) || calendarReading(text) !== null) return null;
  const isExcel = !rules.excelSerial && isExcelSerial(text, rules.epoch);
  const other = otherEpoch(Number(text));
  const isUnsafe = typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  const hints = [
    ...(isExcel ? ["if it is an Excel date, set `excelSerial: true`"] : []),
    ...(isTimeOfDay(text) ? ["if it is a time of day, send date and time in one field"] : []),
    ...(isUnsafe ? ["send it as a string to keep its digits"] : []),
    ...(isUnsafe || other?.isLong ? [] : unixHint(text, rules)),
    "for another way to count time, add your own format to `timestampFormats`",
  ];
  const guess = other === null ? "" : ` (${other.hint})`;
  return unreadable(
    value,
    `is neither a date nor Unix time${rangeOf(rules.epoch)}${guess}; ${hints.join("; ")}`,
  );
}

/** Returns the range of `epoch` in words, or "" if one end of the range is open. */
function rangeOf({ fromSecond, endSecond }: EpochRule): string {
  if (!Number.isFinite(fromSecond) || !Number.isFinite(endSecond)) return "";
  const [from, to] = [fromSecond, endSecond].map((second) =>
    canonicalTimestamp(second * SECOND_MS).slice(0, 10),
  );
  return ` from ${from} to ${to}`;
}

/** Returns whether digits look like a time of day: `103000`, or `93000` if a leading zero was lost. */
function isTimeOfDay(text: string): boolean {
  return /^(?:[01]?\d|2[0-3])[0-5]\d[0-5]\d$/.test(text);
}

function unixHint(text: string, bounds: Bounds): readonly string[] {
  const size = Math.abs(Number(text));
  const least = LARGEST.findIndex(([, largest]) => size < largest);
  for (const [unit] of UNITS.slice(Math.max(least, 0))) {
    const instant = readUnixText(text, epochRule(unit));
    if (typeof instant !== "string") continue;
    const options = [`epoch: "${unit}"`, ...boundOptions(cutToMicros(instant), bounds)];
    return [`if it is Unix time, set \`${options.join(", ")}\``];
  }
  return [];
}

/** Returns the options that a mapping needs to accept an instant: none, `earliest` or `latest`. */
export function boundOptions(instant: string, { earliest, latest }: Bounds): readonly string[] {
  const year = instant.slice(0, 4);
  if (sixDecimals(instant) < sixDecimals(earliest)) return [`earliest: "${year}-01-01"`];
  return sixDecimals(instant) > sixDecimals(latest) ? [`latest: "${year}-12-31T23:59:59.999999Z"`] : [];
}
