/** What is under way, for whoever must wait for its end. */
export class UnderWay {
  readonly #work = new Set<Promise<unknown>>();

  /** Settles as `work` does. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work);
    try {
      return await work;
    } finally {
      this.#work.delete(work);
    }
  }

  /** Resolves when all of it has ended, well or not; also what began in the meantime. */
  async ended(): Promise<void> {
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
  }
}
