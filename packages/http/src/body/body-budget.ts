import { type Problem, unavailable } from "../problem.js";
import { ownerOf } from "../sharing/share-key.js";
import { type Share, Shares, type Shortage } from "../sharing/shares.js";
import { Turns } from "../sharing/turns.js";

/** Bodies up to this size need no memory of the budget, so that a few large and slow bodies cannot block small ones. */
const SMALL_BYTES = 64 * 1024;

/** If there is room, a share grows by at least this size, because a body can arrive in thousands of small chunks. */
const STEP_BYTES = 128 * 1024;

/** Maximum number of concurrent Brotli decompressions. Each needs memory for its window, usually 4 MiB. */
const INFLATED_AT_ONCE = 2;

/** The memory for the large bodies of all requests in progress. */
export class BodyBudget {
  readonly #bytes: Shares;
  readonly #turns = new Turns(INFLATED_AT_ONCE);

  constructor(most: number) {
    this.#bytes = new Shares(most);
  }

  /** Returns the share of one request. `key` identifies the tenant or the address. */
  share(key: string): BodyShare {
    return new BodyShare(this.#bytes.of(key), this.#turns);
  }
}

/** The memory that one request holds for its body. */
export class BodyShare {
  readonly #share: Share;
  readonly #turns: Turns;
  #held = 0;

  constructor(share: Share, turns: Turns) {
    this.#share = share;
    this.#turns = turns;
  }

  /** Waits for this request's turn, and then runs a decompression that needs a lot of memory. */
  inflate<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(this.#share.key, work);
  }

  /**
   * Checks that a body of this size would fit. Reserves nothing, because only received bytes count. @throws Problem 503
   * if it would not fit
   */
  foresee(size: number): void {
    if (size <= SMALL_BYTES) return;
    const shortage = this.#share.grow(size);
    if (shortage !== null) throw busy(shortage, this.#share.key);
    this.#share.release();
  }

  /** Reserves memory for a body that has grown to this size. @throws Problem 503 if it does not fit */
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
      ? `this ${ownerOf(key)} already uses its share of the memory for request bodies`
      : "the memory for request bodies is used up";
  const detail = `${why}; nothing was stored: send the request again later, or send smaller requests`;
  return unavailable("EVT_OVERLOADED", detail);
}
