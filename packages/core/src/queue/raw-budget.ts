import type { Entry } from "../event.js";

/**
 * The size of the raw events that the result of one call may still include, in characters. The first raw event is included
 * no matter how long it is, unless the budget is 0. A later one that does not fit is left out.
 */
export class RawBudget {
  #left: number;
  #isFirst: boolean;

  constructor(chars: number) {
    this.#left = chars;
    this.#isFirst = chars > 0;
  }

  /** Returns the entry, without its raw event if that does not fit. */
  bound<E extends Entry>(entry: E): E {
    if (entry.rawJson === null) return entry;
    const { length } = entry.rawJson;
    if (!this.#isFirst && length > this.#left) return withoutRaw(entry);
    this.#isFirst = false;
    this.#left = Math.max(0, this.#left - length);
    return entry;
  }
}

/** Returns the entry without its raw event, marked `rawOmitted` if it has one. */
function withoutRaw<E extends Entry>(entry: E): E {
  return entry.rawJson === null ? entry : { ...entry, rawJson: null, rawOmitted: true };
}
