import { canonicalTimestamp } from "./canonical-timestamp.js";
import { DAY_MS, SECOND_MS } from "./civil-date.js";

/** A way to count time that is not Unix time: its name, its units per millisecond, and its beginning. */
const OTHER_EPOCHS: readonly (readonly [name: string, perMs: number, beginMs: number])[] = [
  ["Windows FILETIME", 1e4, -11_644_473_600_000],
  [".NET ticks", 1e4, -62_135_596_800_000],
  ["WebKit microseconds", 1e3, -11_644_473_600_000],
  ["Apple seconds since 2001", 1 / SECOND_MS, 978_307_200_000],
  ["days since 1970", 1 / DAY_MS, 0],
  ["a modified Julian day", 1 / DAY_MS, -40_587 * DAY_MS],
  ["a Julian day", 1 / DAY_MS, -2_440_587.5 * DAY_MS],
];

/** 2015-01-01, and 2040-01-01. A narrow range, because these are guesses for a message. */
const FROM_MS = 1_420_070_400_000;
const TO_MS = 2_208_988_800_000;

/** What a number probably counts. */
export interface OtherEpoch {
  /** Its name and the instant, for a message. */
  readonly hint: string;
  /** Whether the number has so many digits that it is nothing else. */
  readonly isLong: boolean;
}

/** Returns what a number probably counts, or `null` if nothing fits. */
export function otherEpoch(value: number): OtherEpoch | null {
  for (const [name, perMs, beginMs] of OTHER_EPOCHS) {
    const epochMs = Math.floor(value / perMs + beginMs);
    if (epochMs < FROM_MS || epochMs >= TO_MS) continue;
    return { hint: `as ${name} it is ${canonicalTimestamp(epochMs)}`, isLong: perMs >= 1e3 };
  }
  return null;
}
