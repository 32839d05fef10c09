import type { Entry } from "@evt/core";

/** How much raw text a call still returns, in characters: see `StoreCall.rawChars`. */
export class RawBudget {
  readonly #returnsAny: boolean;
  #left: number;
  #used = false;

  constructor(chars = Number.POSITIVE_INFINITY) {
    this.#returnsAny = chars > 0;
    this.#left = chars;
  }

  /** The entry; without its raw text where that does not fit, and then without those of all later ones. */
  bound<E extends Entry>(entry: E): E {
    if (entry.rawJson === null) return entry;
    const { length } = entry.rawJson;
    const fits = this.#returnsAny && (!this.#used || length <= this.#left);
    this.#used = true;
    this.#left = fits ? Math.max(0, this.#left - length) : 0;
    return fits ? entry : withoutRaw(entry);
  }
}

/** A frozen copy without its raw text, marked so where it has one. */
export function withoutRaw<E extends Entry>(entry: E): E {
  if (entry.rawJson === null) return entry;
  const left: E = { ...entry, rawJson: null, rawOmitted: true };
  return Object.freeze(left);
}
