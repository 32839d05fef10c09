import type { Entry } from "@evt/core/store";

/** The number of raw-event characters that a call may still return. Follows the rules of `StoreCall.rawChars`. */
export class RawBudget {
  readonly #returnsAny: boolean;
  #left: number;
  #used = false;

  constructor(chars = Number.POSITIVE_INFINITY) {
    this.#returnsAny = chars > 0;
    this.#left = chars;
  }

  /**
   * Returns the entry. If its raw event does not fit, omits the raw event, and from then on those of all later entries.
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
