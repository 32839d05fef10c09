import type { RateCounter, RatePolicy } from "./rate-counter.js";

/** Points that were taken from a budget. */
export interface Taken {
  /** Whether the budget had points left. If not, nothing was taken. */
  readonly granted: boolean;
  /** When the window of the points ends, on the monotonic clock. */
  readonly endsAt: number;
}

interface Waiting {
  readonly points: number;
  readonly settle: (taken: Taken) => void;
  readonly fail: (error: unknown) => void;
}

/** Points are not given back in the last part of a window, because they could arrive in the next one. In milliseconds. */
const EDGE_MS = 1_000;

/**
 * The budget of one key under one policy. Concurrent changes become one call of the store. A budget that is used up needs no call
 * until its window ends.
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

  /** Whether the window is known to be used up. */
  get isUsedUp(): boolean {
    return this.#isKnown && this.left === 0;
  }

  /** The points that are left in the window. */
  get left(): number {
    return this.#isKnown ? Math.max(0, this.policy.quota - this.#consumed) : this.policy.quota;
  }

  /** The whole seconds until the window ends. */
  get seconds(): number {
    return this.#isKnown ? Math.ceil((this.#endsAt - this.#monotonic()) / 1_000) : this.policy.seconds;
  }

  get #isKnown(): boolean {
    return this.#monotonic() < this.#endsAt;
  }

  /** Takes one point. Rejects if the store fails without an insurance. */
  take(): Promise<Taken> {
    return this.#change(1);
  }

  /** Returns whether a point is left, without taking it. Asks the store only if the window is unknown. */
  async look(): Promise<Taken> {
    if (this.#isKnown) return { granted: this.left > 0, endsAt: this.#endsAt };
    return this.#change(0);
  }

  /** Counts points that were used already, even if they exceed the quota. Failures were reported. */
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

  /** Grants points in the order of the calls, and returns those that exceed the quota to the store. */
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
