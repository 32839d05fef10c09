/**
 * The reason why a share could not grow. `all`: too little capacity is free. `own`: the key would hold more than it
 * may.
 */
export type Shortage = "all" | "own";

/**
 * A capacity that several keys share. A key may hold at most as much as it leaves free, so that another key finds room. One
 * key alone can hold half, and three keys can hold a quarter each. Exception: a key's only share may take all free capacity,
 * so that one large item fits.
 */
export class Shares {
  readonly most: number;
  readonly #heldBy = new Map<string, number>();
  #held = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** The amount that all keys hold together. */
  get held(): number {
    return this.#held;
  }

  /** Returns a new, empty share of the key. */
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

/** The part of a capacity that one request or response holds. */
export interface Share {
  /** Identifies the tenant or the address that the share belongs to. */
  readonly key: string;
  /** Takes more of the capacity. Returns `null`, or the reason why nothing was taken. */
  grow(amount: number): Shortage | null;
  /** Frees everything that this share holds. Idempotent. */
  release(): void;
}
