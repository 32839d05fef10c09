import type { Entry } from "../event.js";

/**
 * The number of raw-event characters that the result of one call may still include. The first raw event is included
 * regardless of its length, unless the budget is 0. A later raw event is omitted if it does not fit.
 */
export class RawBudget {
  #left: number;
  #isFirst: boolean;

  constructor(chars: number) {
    this.#left = chars;
    this.#isFirst = chars > 0;
  }

  /** Returns the entry. If its raw event does not fit, omits the raw event. */
  bound<E extends Entry>(entry: E): E {
    if (entry.rawJson === null) return entry;
    const { length } = entry.rawJson;
    if (!this.#isFirst && length > this.#left) return withoutRaw(entry);
    this.#isFirst = false;
    this.#left = Math.max(0, this.#left - length);
    return entry;
  }
}

/** Returns the entry without its raw event, marked `rawOmitted` if it had one. */
function withoutRaw<E extends Entry>(entry: E): E {
  return entry.rawJson === null ? entry : { ...entry, rawJson: null, rawOmitted: true };
}
