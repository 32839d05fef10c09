import type { Entry } from "../event.js";

/**
 * How much raw text the result of one call may still carry, in characters. The first raw text is carried however long
 * it is, unless the budget is 0; a later one that does not fit is left out.
 */
export class RawBudget {
  #left: number;
  #isFirst: boolean;

  constructor(chars: number) {
    this.#left = chars;
    this.#isFirst = chars > 0;
  }

  /** The entry, without its raw text where that does not fit. */
  bound<E extends Entry>(entry: E): E {
    if (entry.rawJson === null) return entry;
    const { length } = entry.rawJson;
    if (!this.#isFirst && length > this.#left) return withoutRaw(entry);
    this.#isFirst = false;
    this.#left = Math.max(0, this.#left - length);
    return entry;
  }
}

/** The entry without its raw text, and marked so where it has one. */
function withoutRaw<E extends Entry>(entry: E): E {
  return entry.rawJson === null ? entry : { ...entry, rawJson: null, rawOmitted: true };
}
