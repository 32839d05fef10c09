/** Limits how much work runs at once. Waiting keys take turns; the work of one key starts in the order in which it came. */
export class Turns {
  #free: number;
  /** The key whose turn is next is first. */
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
      // a key that still waits goes to the end
      this.#waiting.delete(key);
      if (ofKey.length > 0) this.#waiting.set(key, ofKey);
      return begin?.();
    }
    this.#free++;
  }
}
