import { Problem } from "./problem.js";
import { RETRY_AFTER } from "./reply.js";
import { Turns } from "./turns.js";

/** Up to that size a body is always read: so a few huge ones that dawdle keep nobody else out. */
const SMALL_BYTES = 64 * 1024;

/** Brotli looks back as far as its window, mostly of 4 MiB, which each body that is inflated takes. */
const INFLATED_AT_ONCE = 2;

/** How much of bodies may be held at once, over all requests: what is read, until it is answered. */
export class BodyBudget {
  readonly #most: number;
  readonly #turns = new Turns(INFLATED_AT_ONCE);
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** The share of one request. */
  share(): BodyShare {
    return new BodyShare((bytes) => this.#take(bytes), this.#turns);
  }

  #take(bytes: number): boolean {
    if (bytes > 0 && this.#held + bytes > this.#most) return false;
    this.#held += bytes;
    return true;
  }
}

/** What one request holds of the budget. */
export class BodyShare {
  readonly #take: (bytes: number) => boolean;
  readonly #turns: Turns;
  #held = 0;

  constructor(take: (bytes: number) => boolean, turns: Turns) {
    this.#take = take;
    this.#turns = turns;
  }

  /** Inflates something that takes much memory by itself, when it is its turn. */
  inflate<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(work);
  }

  /** The body has grown to that size. @throws Problem 503 where that is more than there is room for */
  grow(size: number): void {
    if (size <= SMALL_BYTES || size <= this.#held) return;
    // by halves and more: a body grows in thousands of chunks
    const wanted = Math.max(size, this.#held * 2) - this.#held;
    if (this.#take(wanted)) this.#held += wanted;
    else if (this.#take(size - this.#held)) this.#held = size;
    else throw busy();
  }

  release(): void {
    this.#take(-this.#held);
    this.#held = 0;
  }
}

function busy(): Problem {
  return new Problem(
    503,
    "EVT_OVERLOADED",
    "too much is being sent at once to be held; nothing was stored: send it again later, or in smaller requests",
    { headers: RETRY_AFTER },
  );
}
