/** How much the last call weighs in what is expected of the next. */
const WEIGHT = 1 / 16;
const WORTH_ASKING = 0.1;

/**
 * Whether the next insert should ask first who holds its identities. Asking costs a quarter of an insert; an insert that
 * finds a claim taken was in vain as a whole. So it depends on how often that happened of late.
 */
export class Resends {
  #share = 0;

  get expected(): boolean {
    return this.#share > WORTH_ASKING;
  }

  note(wereThere: boolean): void {
    this.#share += ((wereThere ? 1 : 0) - this.#share) * WEIGHT;
  }
}
