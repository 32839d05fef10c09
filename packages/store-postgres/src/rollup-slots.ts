const SLOTS = 8;

/**
 * Which of the rows of one total an insert adds to. Two inserts on one row wait for each other until the first has
 * committed, so each takes the slot that the fewest others of this store hold. Drawn by chance, by the connection's
 * process id say, four writers would meet more often than not.
 */
export class RollupSlots {
  readonly #holders = new Array<number>(SLOTS).fill(0);
  /** Stores in other processes should not all begin with the same one. */
  readonly #first = Math.floor(Math.random() * SLOTS);

  /** Does `work` with a slot held. */
  async hold<T>(work: (slot: number) => Promise<T>): Promise<T> {
    const slot = this.#freest();
    this.#holders[slot] = this.#held(slot) + 1;
    try {
      return await work(slot);
    } finally {
      this.#holders[slot] = this.#held(slot) - 1;
    }
  }

  #freest(): number {
    let freest = this.#first;
    for (let step = 1; step < SLOTS; step++) {
      const slot = (this.#first + step) % SLOTS;
      if (this.#held(slot) < this.#held(freest)) freest = slot;
    }
    return freest;
  }

  #held(slot: number): number {
    return this.#holders[slot] ?? 0;
  }
}
