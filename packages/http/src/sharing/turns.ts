/** Lets a few at a time do something. Those that wait take turns by their keys, and come in their order within one key. */
export class Turns {
  #free: number;
  /** The key whose turn is next comes first. */
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
      // to the end, if it still waits
      this.#waiting.delete(key);
      if (ofKey.length > 0) this.#waiting.set(key, ofKey);
      return begin?.();
    }
    this.#free++;
  }
}
