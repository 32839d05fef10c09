/** The work in progress, so that `close` can wait for it. */
export class UnderWay {
  readonly #work = new Set<Promise<unknown>>();

  /** Tracks `work`. The returned promise has the result of `work`. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work);
    try {
      return await work;
    } finally {
      this.#work.delete(work);
    }
  }

  /** Resolves when all work has ended, including work that began in the meantime. Never rejects. */
  async ended(): Promise<void> {
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
  }
}
