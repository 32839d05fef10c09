import { type Problem, unavailable } from "../problem.js";
import { ownerOf } from "../sharing/share-key.js";
import { type Share, Shares, type Shortage } from "../sharing/shares.js";
import { Turns } from "../sharing/turns.js";

/** Up to that size a body is always read: so a few huge ones that dawdle keep nobody else out. */
const SMALL_BYTES = 64 * 1024;

/** A body grows in thousands of chunks. Its share grows in steps of that size, and is never larger by more than one. */
const STEP_BYTES = 128 * 1024;

/** Brotli looks back as far as its window, mostly of 4 MiB, which each body that is inflated takes. */
const INFLATED_AT_ONCE = 2;

/** How much of bodies may be held at once, over all requests: what is read, until it is answered. */
export class BodyBudget {
  readonly #bytes: Shares;
  readonly #turns = new Turns(INFLATED_AT_ONCE);

  constructor(most: number) {
    this.#bytes = new Shares(most);
  }

  /** The share of one request. `key` names the tenant or the address. */
  share(key: string): BodyShare {
    return new BodyShare(this.#bytes.of(key), this.#turns);
  }
}

/** What one request holds of the budget. */
export class BodyShare {
  readonly #share: Share;
  readonly #turns: Turns;
  #held = 0;

  constructor(share: Share, turns: Turns) {
    this.#share = share;
    this.#turns = turns;
  }

  /** Inflates something that takes much memory by itself, when it is its turn. */
  inflate<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(this.#share.key, work);
  }

  /** The body will have that size. Takes nothing yet: bytes count once they are sent. @throws Problem 503 as `grow` */
  foresee(size: number): void {
    if (size <= SMALL_BYTES) return;
    const shortage = this.#share.grow(size);
    if (shortage !== null) throw busy(shortage, this.#share.key);
    this.#share.release();
  }

  /** The body has grown to that size. @throws Problem 503 where that is more than there is room for */
  grow(size: number): void {
    if (size <= SMALL_BYTES || size <= this.#held) return;
    const exactly = size - this.#held;
    const shortage = this.#take(Math.max(exactly, STEP_BYTES)) && this.#take(exactly);
    if (shortage !== null) throw busy(shortage, this.#share.key);
  }

  release(): void {
    this.#share.release();
    this.#held = 0;
  }

  #take(bytes: number): Shortage | null {
    const shortage = this.#share.grow(bytes);
    if (shortage === null) this.#held += bytes;
    return shortage;
  }
}

function busy(shortage: Shortage, key: string): Problem {
  const why =
    shortage === "own"
      ? `this ${ownerOf(key)} has its share of what may be held of bodies at once`
      : "too much is being sent at once to be held";
  const detail = `${why}; nothing was stored: send it again later, or in smaller requests`;
  return unavailable("EVT_OVERLOADED", detail);
}
