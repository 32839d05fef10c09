import type { DimensionKey, Provenance } from "../event.js";
import type { Reading } from "./reading.js";

const MOST = 8;

/** Caches recent provenances. Most events have one of a few provenances, so they can share objects. */
export class Provenances {
  readonly #recent: Provenance[] = [];
  readonly #dimensions: readonly DimensionKey[];
  #next = 0;

  /** @param dimensions - the dimensions of the mapping */
  constructor(dimensions: readonly DimensionKey[]) {
    this.#dimensions = dimensions;
  }

  of(reading: Reading): Provenance {
    for (const provenance of this.#recent)
      if (reading.isFrom(provenance, this.#dimensions)) return provenance;
    const provenance = reading.provenance();
    this.#recent[this.#next] = provenance;
    this.#next = (this.#next + 1) % MOST;
    return provenance;
  }
}
