import type { Limits } from "../limits.js";
import { type Problem, unavailable } from "../problem.js";
import type { PaceLimits } from "../sharing/pace.js";
import { ownerOf } from "../sharing/share-key.js";
import { type Share, Shares, type Shortage } from "../sharing/shares.js";

type ResponseLimits = Pick<
  Limits,
  "responseMs" | "responseStallMs" | "responseBytesAtOnce" | "bytesPerSecond"
>;

/** The limits under which a client receives a response. */
export interface DeliveryLimits {
  /** The time limits and the minimum rate. */
  readonly pace: PaceLimits;
  /** The response's share of the memory for responses. */
  readonly share: Share;
}

/** The limits of small responses, such as health checks and problems. No memory limit applies to them. */
export const uncounted: DeliveryLimits = {
  pace: { totalMs: 60_000, stallMs: 15_000, bytesPerSecond: 16 * 1024 },
  share: { key: "", grow: () => null, release: () => undefined },
};

/** Reserves the memory for a response. @throws Problem 503 if it does not fit */
export function requireRoom({ share }: DeliveryLimits, length: number): void {
  const shortage = share.grow(length);
  if (shortage !== null) throw noRoom(shortage, share.key);
}

/** The memory for responses that clients have not received yet, and the minimum pace for a client. */
export class ResponseBudget {
  readonly #bytes: Shares;
  readonly #pace: PaceLimits;
  readonly #making = new Map<string, Set<AbortController>>();
  /** Keys whose last response did not fit. A key is removed when released memory may make room for its response. */
  readonly #short = new Map<string, Shortage>();

  constructor({ responseMs, responseStallMs, responseBytesAtOnce, bytesPerSecond }: ResponseLimits) {
    this.#bytes = new Shares(responseBytesAtOnce);
    this.#pace = { totalMs: responseMs, stallMs: responseStallMs, bytesPerSecond };
  }

  /** Returns the limits for one response. `key` identifies the tenant or the address. */
  limitsFor(key: string): DeliveryLimits {
    return { pace: this.#pace, share: this.#noting(this.#bytes.of(key)) };
  }

  /**
   * Calls `make`, which makes a response that may be large. If another response of the same key does not fit in the meantime,
   * aborts `short`, because the new response would probably not fit either.
   * @throws Problem 503 if an earlier response of the key did not fit and no memory was released since, or if `short` was aborted
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
        // if no memory is held, the response exceeds the whole budget, so waiting for released memory would not help
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

/** Creates the problem for a response that does not fit into the memory for responses. */
function noRoom(shortage: Shortage, key: string): Problem {
  const why =
    shortage === "own"
      ? `this ${ownerOf(key)} already uses its share of the memory for responses`
      : "the memory for responses is used up";
  const detail = `${why}; read responses faster, request less at a time, or try again later`;
  return unavailable("EVT_OVERLOADED", detail);
}
