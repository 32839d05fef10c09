import type { RequestLimits } from "../limits.js";
import { type Problem, unavailable } from "../problem.js";
import type { PaceLimits } from "../sharing/pace.js";
import { ownerOf } from "../sharing/share-key.js";
import { type Share, Shares, type Shortage } from "../sharing/shares.js";

type ResponseLimits = Pick<
  Required<RequestLimits>,
  "answerMs" | "answerStallMs" | "answerBytesAtOnce" | "bytesPerSecond"
>;

/** How the client must take a response: how fast, and out of which share of the memory for responses. */
export interface Taking {
  readonly pace: PaceLimits;
  /** Of the bytes of responses that are held at once. */
  readonly share: Share;
}

/** How much of answers may wait for their clients at once, over all requests, and for how long. */
export class ResponseBudget {
  readonly #bytes: Shares;
  readonly #pace: PaceLimits;
  readonly #making = new Map<string, Set<AbortController>>();
  /** Whose answers did not fit, since one of those that take up the room was last released. */
  readonly #short = new Map<string, Shortage>();

  constructor({ answerMs, answerStallMs, answerBytesAtOnce, bytesPerSecond }: ResponseLimits) {
    this.#bytes = new Shares(answerBytesAtOnce);
    this.#pace = { totalMs: answerMs, stallMs: answerStallMs, bytesPerSecond };
  }

  /** How one answer is to be taken. `key` names the tenant or the address. */
  taking(key: string): Taking {
    return { pace: this.#pace, share: this.#noting(this.#bytes.of(key)) };
  }

  /**
   * Makes an answer that may be large. Where one before it did not fit, and no room was made since, it is refused before
   * it is made; and where that turns out meanwhile, the signal fires, so that no more answers are made in vain.
   * @throws Problem 503
   */
  async whileRoom<T>(key: string, make: (short: AbortSignal) => Promise<T>): Promise<T> {
    const shortage = this.#short.get(key);
    if (shortage !== undefined) throw noRoom(shortage, key);
    const making = this.#making.get(key) ?? new Set();
    this.#making.set(key, making);
    const short = new AbortController();
    making.add(short);
    try {
      return await make(short.signal);
    } catch (error) {
      throw short.signal.aborted ? short.signal.reason : error;
    } finally {
      making.delete(short);
      if (making.size === 0) this.#making.delete(key);
    }
  }

  #noting(share: Share): Share {
    const { key } = share;
    let holds = false;
    return {
      key,
      grow: (bytes) => {
        const shortage = share.grow(bytes);
        if (shortage === null) holds = true;
        // with nothing held there is nothing whose release would make room: it is larger than all of the budget
        else if (this.#bytes.held > 0) this.#isShort(key, shortage);
        return shortage;
      },
      release: () => {
        share.release();
        if (holds) this.#madeRoom(key);
        holds = false;
      },
    };
  }

  #isShort(key: string, shortage: Shortage): void {
    this.#short.set(key, shortage);
    for (const short of this.#making.get(key) ?? []) short.abort(noRoom(shortage, key));
  }

  #madeRoom(key: string): void {
    if (this.#short.size === 0) return;
    this.#short.delete(key);
    for (const [other, shortage] of this.#short) if (shortage === "all") this.#short.delete(other);
  }
}

/** What is said of an answer for which there is no room. */
export function noRoom(shortage: Shortage, key: string): Problem {
  const why =
    shortage === "own"
      ? `this ${ownerOf(key)} has its share of the answers that may wait for their clients`
      : "too many answers wait for their clients";
  const detail = `${why}; read them faster, ask for less at a time, or try again later`;
  return unavailable("EVT_OVERLOADED", detail);
}
