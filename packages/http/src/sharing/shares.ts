/** Why a share could not grow: all of the capacity is in use, or the key has its part of it. */
export type Shortage = "all" | "own";

/**
 * A capacity that many keys share: no key may hold more than it leaves free. One key alone gets half, three keys a
 * quarter each, and there is always room for another. A key's only share may take all that is free: one large thing fits.
 */
export class Shares {
  readonly most: number;
  readonly #heldBy = new Map<string, number>();
  #held = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** What is held by all keys together. */
  get held(): number {
    return this.#held;
  }

  of(key: string): Share {
    let mine = 0;
    const move = (amount: number) => {
      mine += amount;
      this.#held += amount;
      const ofKey = (this.#heldBy.get(key) ?? 0) + amount;
      if (ofKey === 0) this.#heldBy.delete(key);
      else this.#heldBy.set(key, ofKey);
    };
    return {
      key,
      grow: (amount) => {
        const free = this.most - this.#held - amount;
        if (free < 0) return "all";
        const ofKey = this.#heldBy.get(key) ?? 0;
        if (ofKey > mine && ofKey + amount > free) return "own";
        move(amount);
        return null;
      },
      release: () => move(-mine),
    };
  }
}

/** What one request holds of a capacity. */
export interface Share {
  readonly key: string;
  /** Takes more. Returns why not, in which case nothing was taken. */
  grow(amount: number): Shortage | null;
  /** Gives back everything. Idempotent. */
  release(): void;
}
