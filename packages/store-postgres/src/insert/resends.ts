/** The weight of the last call in the estimate. */
const WEIGHT = 1 / 16;
/** If the estimate is above this value, the next insert reads the holders first. */
const WORTH_READING = 0.1;

/**
 * Estimates whether the next insert should read the holders of its identities first. A COPY that finds a claim taken
 * has wasted its work. Reading the holders first avoids this, but takes time if no claim is taken. So the decision
 * depends on how often recent calls found taken claims.
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
