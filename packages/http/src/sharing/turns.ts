/**
 * Limits the number of concurrent tasks. Waiting keys take turns. Tasks of one key start in the order of their calls.
 */
export class Turns {
  #free: number;
  /** Waiting tasks by key. The first key has the next turn. */
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await this.#wait(key);
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  #wait(key: string): Promise<void> {
    return new Promise((resolve) => {
      const ofKey = this.#waiting.get(key);
      if (ofKey === undefined) this.#waiting.set(key, [resolve]);
      else ofKey.push(resolve);
    });
  }

  #next(): void {
    for (const [key, ofKey] of this.#waiting) {
      const begin = ofKey.shift();
      // if the key has more tasks, it moves to the end
      this.#waiting.delete(key);
      if (ofKey.length > 0) this.#waiting.set(key, ofKey);
      return begin?.();
    }
    this.#free++;
  }
}
