const DAY_MS = 86_400_000;

/** A range of event times in Unix milliseconds. */
export interface Range {
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
}

export interface Months {
  /** The month of the stored events. */
  readonly stored: Range;
  /** The month after `stored`, for the events that are ingested later. */
  readonly next: Range;
  /** The year that ends with both months. */
  readonly year: Range;
  /** The time for `maintain`: `stored` has ended and is sealed, `next` has not. */
  readonly nowMs: number;
}

/** Returns the last two months (UTC) that have ended, so that no event is in the future. */
export function monthsBefore(now: Date): Months {
  const startOf = (months: number) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1);
  const nextMs = startOf(-1);
  return {
    stored: { startMs: startOf(-2), endMs: nextMs },
    next: { startMs: nextMs, endMs: startOf(0) },
    year: { startMs: startOf(-12), endMs: startOf(0) },
    nowMs: nextMs + 2 * DAY_MS,
  };
}
