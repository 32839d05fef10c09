import { DateTime } from "luxon";
import { checkKnown } from "./option-checks.js";
import { quoted } from "./quoted.js";
import { isTimestampMs } from "./time/canonical-timestamp.js";
import { MINUTE_MS } from "./time/civil-date.js";
import { exactTimestamp } from "./time/exact-timestamp.js";
import { isTimeZone, localInstant } from "./time/time-zone.js";
import type { TimestampFormat } from "./time/timestamp-format.js";

export type { TimestampFormat } from "./time/timestamp-format.js";

/** Options of `luxonFormat`. */
export interface LuxonFormatOptions {
  /** The language of month and weekday names. @defaultValue "en-US" */
  readonly locale?: string | undefined;
}

const DAY_MINUTES = 24 * 60;

/** The fields that luxon read from a string, by their luxon names, with the offset and the zone. */
interface Written {
  readonly units: Readonly<Record<string, number>>;
  readonly offsetMinutes: number | undefined;
  readonly zone: string | undefined;
  /** The decimals after the third, which luxon ignores. */
  readonly beyondMs: string;
}

/**
 * Returns a timestamp format for a luxon pattern, such as `dd/MM/yyyy` or `dd/MMM/yyyy:HH:mm:ss ZZZ`
 * (https://moment.github.io/luxon/#/parsing?id=table-of-tokens). If the string has an offset or a zone, evt uses it.
 * Otherwise, the time is in the mapping's `timeZone`. A local time that clocks skip is rejected, although luxon alone
 * would change it. A local time that occurs twice is read according to the mapping's `repeatedLocalTime`. The decimals
 * after the third (token `u`), which luxon ignores, are also read.
 *
 * @throws TypeError if an option is unknown, if luxon cannot read the pattern, or if the pattern has no year. luxon would
 * then use the current year
 *
 * @example
 * import { luxonFormat } from "@evt/core/luxon";
 * const evt = createEvt({ store, mapping: { timestampFormats: [luxonFormat("dd/MM/yyyy")] } });
 */
export function luxonFormat(pattern: string, options: LuxonFormatOptions = {}): TimestampFormat {
  checkKnown("luxonFormat", options, ["locale"]);
  const { locale = "en-US" } = options;
  checkPattern(pattern, locale);
  return {
    name: pattern,
    parse(text, timeZone, repeatedLocalTime = "reject") {
      const written = readWritten(text, pattern, locale);
      if (written === null || (written.zone !== undefined && !isTimeZone(written.zone))) return null;
      const localMs = localMsOf(written);
      if (localMs === null) return "impossible";
      const { offsetMinutes, zone = timeZone } = written;
      if (offsetMinutes === undefined)
        return withDecimals(localInstant(zone, localMs, repeatedLocalTime), written);
      if (Math.abs(offsetMinutes) >= DAY_MINUTES) return "impossible";
      return withDecimals(localMs - offsetMinutes * MINUTE_MS, written);
    },
  };
}

/** Returns `null` if the string does not fit the pattern. */
function readWritten(text: string, pattern: string, locale: string): Written | null {
  const { rawMatches, result, matches } = DateTime.fromFormatExplain(text, pattern, { locale });
  if (!rawMatches || !result) return null;
  return {
    units: result,
    offsetMinutes: matches?.Z,
    zone: matches?.z,
    beyondMs: (matches?.["u"] ?? "").slice(3),
  };
}

/** Adds to an instant the decimals that luxon ignores. */
function withDecimals<Read>(instant: number | Read, { beyondMs }: Written): number | Read | { iso: string } {
  if (typeof instant !== "number" || !/[1-9]/.test(beyondMs) || !isTimestampMs(instant)) return instant;
  return { iso: exactTimestamp(instant, Number(beyondMs.slice(0, 3).padEnd(3, "0")), beyondMs.slice(3)) };
}

/** Returns the local time as if it were UTC, in milliseconds. `null` if the time does not exist. */
function localMsOf({ units }: Written): number | null {
  try {
    const local = DateTime.fromObject(units, { zone: "utc" });
    // luxon changes 24:00 to the next midnight, and gives an invalid time NaN for every unit
    const unchanged = Object.entries(units).every(([unit, value]) => local.get(unit as "year") === value);
    return unchanged ? local.toMillis() : null;
  } catch {
    // reached if the application has set luxon's throwOnInvalid
    return null;
  }
}

function checkPattern(pattern: string, locale: string): void {
  const written = readSample(pattern, locale);
  if (written === null || localMsOf(written) === null) {
    throw new TypeError(
      `luxonFormat ${quoted(pattern)}: luxon cannot read the dates that it writes with this pattern`,
    );
  }
  if (!("year" in written.units) && !("weekYear" in written.units)) {
    throw new TypeError(
      `luxonFormat ${quoted(pattern)} has no year; without a year, a time would depend on the clock`,
    );
  }
}

function readSample(pattern: string, locale: string): Written | null {
  try {
    const sample = DateTime.fromObject({ year: 2001, month: 2, day: 3, hour: 16 }, { zone: "utc", locale });
    return readWritten(sample.toFormat(pattern), pattern, locale);
  } catch (cause) {
    throw new TypeError(`luxonFormat ${quoted(pattern)}: luxon refuses this pattern or locale`, { cause });
  }
}
