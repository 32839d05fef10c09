import { microsAt } from "./digits.js";

/** A time of day without its offset. */
export interface Clock {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 to 999,999. */
  readonly micros: number;
  /** The decimals after the sixth, as written. */
  readonly beyond: string;
}

/** A time of day at the beginning of a string. */
export interface ClockText {
  readonly clock: Clock;
  /** The rest of the string, after the time of day. */
  readonly rest: string;
}

const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?/;
/** `AM` or ` p.m.`, without another letter after it. */
const HALF = /^\s?([ap])\.?m\.?(?:[^a-z]|$)/i;

/**
 * Reads a time of day at the beginning of a string: `9:05`, `10:30:00.123456789`, `02:30 PM`. The hour is infinite if the
 * string has AM or PM but no 12-hour clock shows that hour.
 *
 * @returns `null` if the string begins with something else
 */
export function clockAtBegin(text: string): ClockText | null {
  const match = CLOCK.exec(text);
  if (match === null) return null;
  const [all, hour, minute, second = "0", decimals = ""] = match;
  const rest = text.slice(all.length);
  const half = HALF.exec(rest);
  const clock = {
    hour: half === null ? Number(hour) : hourOfHalf(Number(hour), half[1] as string),
    minute: Number(minute),
    second: Number(second),
    micros: decimals === "" ? 0 : microsAt(decimals, 0, decimals.length),
    beyond: decimals.slice(6),
  };
  return { clock, rest: half === null ? rest : afterHalf(rest) };
}

/** Returns the hour of a 12-hour clock as 0 to 23. 12 AM is midnight, 12 PM is noon. */
function hourOfHalf(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return Number.POSITIVE_INFINITY;
  return (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}

function afterHalf(rest: string): string {
  return rest.replace(/^\s?[ap]\.?m\.?/i, "");
}
