import { MOST_ATTEMPTS, type ReplayAttempt } from "@evt/core/store";

/** One tenant's replay history, by parked event and by counted event. */
export class ReplayAttempts {
  readonly #byParked = new Map<string, ReplayAttempt[]>();
  readonly #byEvent = new Map<string, ReplayAttempt[]>();

  /** Adds an attempt. Returns whether it is new. */
  add({ reasons, ...rest }: ReplayAttempt): boolean {
    const known = this.#byParked.get(rest.parkedId) ?? [];
    if (known.some(({ replayId }) => replayId === rest.replayId)) return false;
    const attempt = Object.freeze({ ...rest, reasons: Object.freeze([...reasons]) });
    this.#byParked.set(rest.parkedId, [...known, attempt]);
    if (counts(attempt) && attempt.eventId !== null) {
      const counting = this.#byEvent.get(attempt.eventId) ?? [];
      this.#byEvent.set(attempt.eventId, [...counting, attempt]);
    }
    return true;
  }

  /**
   * Returns the attempts of a parked or counted event, the earliest first. If there are too many, returns the attempt
   * that counted the event and the latest others.
   */
  of(id: string): readonly ReplayAttempt[] {
    const attempts = this.#byParked.get(id) ?? this.#byEvent.get(id) ?? [];
    // the sort is stable, so attempts in the same millisecond keep their order
    const ordered = [...attempts].sort(byTime);
    if (ordered.length <= MOST_ATTEMPTS) return ordered;
    const latestFirst = ordered.toReversed();
    const kept = new Set(latestFirst.sort((a, b) => rank(a) - rank(b)).slice(0, MOST_ATTEMPTS));
    return ordered.filter((attempt) => kept.has(attempt));
  }

  /** Returns the attempt that resolved the parked event, or `null`. */
  countedBy(parkedId: string): ReplayAttempt | null {
    return this.#byParked.get(parkedId)?.findLast(counts) ?? null;
  }
}

const byTime = (a: ReplayAttempt, b: ReplayAttempt) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);

const rank = ({ outcome }: ReplayAttempt) => (outcome === "processed" ? 0 : outcome === "duplicate" ? 1 : 2);

function counts({ outcome }: ReplayAttempt): boolean {
  return outcome === "processed" || outcome === "duplicate";
}
