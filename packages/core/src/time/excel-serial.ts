import type { Problem } from "../problem.js";
import { isTimestampMs } from "./canonical-timestamp.js";
import { DAY_MS, daysFromCivil, SECOND_MS } from "./civil-date.js";
import type { LocalTimeRules } from "./civil-time.js";
import type { EpochRule } from "./epoch.js";
import { exactTimestamp } from "./exact-timestamp.js";
import { localInstant } from "./time-zone.js";
import { nonexistent, repeated } from "./timestamp-problem.js";

/** The date systems of Excel: days since 1899-12-30, or since 1904-01-01. */
export type ExcelSystem = "1900" | "1904";

const FIRST_DAY: Readonly<Record<ExcelSystem, number>> = {
  "1900": daysFromCivil(1899, 12, 30),
  "1904": daysFromCivil(1904, 1, 1),
};
/**
 * 1900-03-01 in the 1900 system. Smaller numbers are not read, because Excel counts a day 1900-02-29 that never existed.
 */
const FIRST_SERIAL = 61;
/** 9999-12-31 in the 1900 system, the largest whole number. */
const LAST_SERIAL = 2_958_465;

const SERIAL = /^\d{1,7}(?:\.\d+)?$/;

/**
 * Reads an Excel date in local time: the whole number counts days, and the fraction is the time of day. Rounds to
 * milliseconds, as Excel does.
 *
 * @returns the timestamp, or the problem. `null` if the string is not an Excel date, or is outside the range of `epoch`
 */
export function readExcelSerial(
  text: string,
  system: ExcelSystem,
  epoch: EpochRule,
  { timeZone, repeatedLocalTime }: LocalTimeRules,
): string | Problem | null {
  const localMs = localMsOfSerial(text, system);
  if (localMs === null || !isInRange(localMs, epoch)) return null;
  const epochMs = localInstant(timeZone, localMs, repeatedLocalTime);
  if (epochMs === "nonexistent") return nonexistent(text, timeZone);
  if (epochMs === "repeated") return repeated(text, timeZone);
  return isTimestampMs(epochMs) ? exactTimestamp(epochMs, 0, "") : null;
}

/** Returns whether a string is an Excel date of the 1900 system in the range of `epoch`. */
export function isExcelSerial(text: string, epoch: EpochRule): boolean {
  const localMs = localMsOfSerial(text, "1900");
  return localMs !== null && isInRange(localMs, epoch);
}

function isInRange(localMs: number, { serials: { fromSecond, endSecond } }: EpochRule): boolean {
  return localMs >= fromSecond * SECOND_MS && localMs < endSecond * SECOND_MS;
}

/**
 * Returns the local time of an Excel date as if it were UTC, in milliseconds. `null` if the string is not an Excel date.
 */
function localMsOfSerial(text: string, system: ExcelSystem): number | null {
  if (!SERIAL.test(text)) return null;
  const serial = Number(text);
  if (serial > LAST_SERIAL + 1 || serial < (system === "1900" ? FIRST_SERIAL : 0)) return null;
  const days = Math.floor(serial);
  return (FIRST_DAY[system] + days) * DAY_MS + Math.round((serial - days) * DAY_MS);
}
