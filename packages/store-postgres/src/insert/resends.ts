/** The last call's weight in the estimate. */
const WEIGHT = 1 / 16;
const WORTH_READING = 0.1;

/**
 * Estimates whether the next insert should read the holders of its identities first. Reading costs a quarter as much as
 * an insert. But an insert that finds a claim taken has wasted all its work. So the estimate depends on how often recent
 * inserts found taken claims.
 */
export class Resends {
  #share = 0;

  /** True if taken claims are likely. */
  get expected(): boolean {
    return this.#share > WORTH_READING;
  }

  /** Notes whether a call found taken claims. */
  note(found: boolean): void {
    this.#share += ((found ? 1 : 0) - this.#share) * WEIGHT;
  }
}
