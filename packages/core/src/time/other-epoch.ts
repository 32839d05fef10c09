import { canonicalTimestamp } from "./canonical-timestamp.js";
import { DAY_MS, SECOND_MS } from "./civil-date.js";

/**
 * Ways to count time that are not Unix time: the name, the units per millisecond, and the start in Unix milliseconds.
 */
const OTHER_EPOCHS: readonly (readonly [name: string, perMs: number, beginMs: number])[] = [
  ["Windows FILETIME", 1e4, -11_644_473_600_000],
  [".NET ticks", 1e4, -62_135_596_800_000],
  ["WebKit microseconds", 1e3, -11_644_473_600_000],
  ["Apple seconds since 2001", 1 / SECOND_MS, 978_307_200_000],
  ["days since 1970", 1 / DAY_MS, 0],
  ["a modified Julian day", 1 / DAY_MS, -40_587 * DAY_MS],
  ["a Julian day", 1 / DAY_MS, -2_440_587.5 * DAY_MS],
];

/** 2015-01-01, and 2040-01-01. The range is narrow, because the result is only a guess for a message. */
const FROM_MS = 1_420_070_400_000;
const TO_MS = 2_208_988_800_000;

/** The likely meaning of a number that is not Unix time. */
export interface OtherEpoch {
  /** The name of the epoch and the instant, for a message. */
  readonly hint: string;
  /** Whether the number is so long that no other meaning is likely. */
  readonly isLong: boolean;
}

/** Returns the first epoch by which a number is a time from 2015 to 2040, or `null`. */
export function otherEpoch(value: number): OtherEpoch | null {
  for (const [name, perMs, beginMs] of OTHER_EPOCHS) {
    const epochMs = Math.floor(value / perMs + beginMs);
    if (epochMs < FROM_MS || epochMs >= TO_MS) continue;
    return { hint: `as ${name} it is ${canonicalTimestamp(epochMs)}`, isLong: perMs >= 1e3 };
  }
  return null;
}
