import type { RateCounter, RatePolicy } from "./rate-counter.js";

/** The result of taking a point from a budget, or of looking for one. */
export interface Taken {
  /** Whether the budget had a point left. */
  readonly granted: boolean;
  /** When the window ends, in milliseconds of the monotonic clock. */
  readonly endsAt: number;
}

interface Waiting {
  readonly points: number;
  readonly settle: (taken: Taken) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * No point is given back in the last part of a window, because the store could subtract the point from the next window. In
 * milliseconds.
 */
const EDGE_MS = 1_000;

/**
 * The budget of one key under one policy. Points that are requested during a call of the store share the next call.
 */
export class Budget {
  readonly policy: RatePolicy;
  readonly #key: string;
  readonly #counter: RateCounter;
  readonly #monotonic: () => number;
  #consumed = 0;
  #endsAt = Number.NEGATIVE_INFINITY;
  #waiting: Waiting[] = [];
  #isCalling = false;

  constructor(policy: RatePolicy, key: string, counter: RateCounter, monotonic: () => number) {
    this.policy = policy;
    this.#key = key;
    this.#counter = counter;
    this.#monotonic = monotonic;
  }

  /** Whether this process knows that no point is left in the window. */
  get isUsedUp(): boolean {
    return this.#isKnown && this.left === 0;
  }

  /** The points that are left in the window. The whole quota if the window is unknown. */
  get left(): number {
    return this.#isKnown ? Math.max(0, this.policy.quota - this.#consumed) : this.policy.quota;
  }

  /** The seconds until the window ends, rounded up. The length of a window if the window is unknown. */
  get seconds(): number {
    return this.#isKnown ? Math.ceil((this.#endsAt - this.#monotonic()) / 1_000) : this.policy.seconds;
  }

  get #isKnown(): boolean {
    return this.#monotonic() < this.#endsAt;
  }

  /** Takes one point if one is left. Rejects if the counter rejects. */
  take(): Promise<Taken> {
    return this.#change(1);
  }

  /** Returns whether a point is left, without taking it. Calls the store only if the window is unknown. */
  async look(): Promise<Taken> {
    if (this.#isKnown) return { granted: this.left > 0, endsAt: this.#endsAt };
    return this.#change(0);
  }

  /** Counts points that were used already, even if they exceed the quota. Ignores errors, which the counter has reported. */
  spend(points: number): void {
    if (points <= 0) return;
    this.#consumed += points;
    this.#counter.penalty(this.#key, points).then(
      ({ consumedPoints, msBeforeNext }) => this.#learn(consumedPoints, msBeforeNext),
      () => undefined,
    );
  }

  /** Gives a point back, unless its window has ended or is about to end. */
  giveBack({ granted, endsAt }: Taken): void {
    if (!granted || this.#monotonic() + EDGE_MS >= endsAt) return;
    this.#return(1);
  }

  #return(points: number): void {
    this.#counter.reward(this.#key, points).then(
      ({ consumedPoints, msBeforeNext }) => this.#learn(consumedPoints, msBeforeNext),
      () => undefined,
    );
  }

  #change(points: number): Promise<Taken> {
    return new Promise((settle, fail) => {
      this.#waiting.push({ points, settle, fail });
      if (!this.#isCalling) void this.#call();
    });
  }

  async #call(): Promise<void> {
    this.#isCalling = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const total = batch.reduce((sum, { points }) => sum + points, 0);
      try {
        const { consumedPoints, msBeforeNext } = await this.#counter.penalty(this.#key, total);
        this.#learn(consumedPoints, msBeforeNext);
        this.#grant(batch, consumedPoints - total);
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
    }
    this.#isCalling = false;
  }

  /** Grants points in the order of the calls. Gives the points of refused calls back to the store. */
  #grant(batch: readonly Waiting[], before: number): void {
    let used = before;
    let refused = 0;
    for (const { points, settle } of batch) {
      const granted = used < this.policy.quota;
      if (granted) used += points;
      else refused += points;
      settle({ granted, endsAt: this.#endsAt });
    }
    if (refused > 0) this.#return(refused);
  }

  #learn(consumed: number, msBeforeNext: number): void {
    this.#consumed = consumed;
    this.#endsAt = this.#monotonic() + msBeforeNext;
  }
}
