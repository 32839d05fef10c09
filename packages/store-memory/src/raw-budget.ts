import type { Entry } from "@evt/core/store";

/** The number of raw characters that a call may still return: see `StoreCall.rawChars`. */
export class RawBudget {
  readonly #returnsAny: boolean;
  #left: number;
  #used = false;

  constructor(chars = Number.POSITIVE_INFINITY) {
    this.#returnsAny = chars > 0;
    this.#left = chars;
  }

  /**
   * Returns the entry. Omits its raw event if the raw event does not fit. After that, omits all later raw events too.
   */
  bound<E extends Entry>(entry: E): E {
    if (entry.rawJson === null) return entry;
    const { length } = entry.rawJson;
    const fits = this.#returnsAny && (!this.#used || length <= this.#left);
    this.#used = true;
    this.#left = fits ? Math.max(0, this.#left - length) : 0;
    return fits ? entry : withoutRaw(entry);
  }
}

/** Returns a frozen copy without the raw event, marked `rawOmitted`. */
export function withoutRaw<E extends Entry>(entry: E): E {
  if (entry.rawJson === null) return entry;
  const left: E = { ...entry, rawJson: null, rawOmitted: true };
  return Object.freeze(left);
}
