import { Budget } from "./budget.js";
import type { RateCounter, RatePolicy } from "./rate-counter.js";

/** A policy with the counter that counts for it. */
export interface CountedPolicy {
  readonly policy: RatePolicy;
  readonly counter: RateCounter;
}

/** The budgets of many keys. If there are more than `most` keys, forgets the least recently used key. */
export class Budgets {
  readonly #policies: readonly CountedPolicy[];
  readonly #most: number;
  readonly #monotonic: () => number;
  readonly #byKey = new Map<string, readonly Budget[]>();

  constructor(policies: readonly CountedPolicy[], most: number, monotonic: () => number) {
    this.#policies = policies;
    this.#most = most;
    this.#monotonic = monotonic;
  }

  /** Returns the budgets of a key, one for each policy. */
  of(key: string): readonly Budget[] {
    const budgets = this.#byKey.get(key) ?? this.#create(key);
    this.#byKey.delete(key);
    this.#byKey.set(key, budgets);
    if (this.#byKey.size > this.#most) this.#forgetOldest();
    return budgets;
  }

  #create(key: string): readonly Budget[] {
    return this.#policies.map(({ policy, counter }) => new Budget(policy, key, counter, this.#monotonic));
  }

  #forgetOldest(): void {
    const [oldest] = this.#byKey.keys();
    if (oldest === undefined) return;
    this.#byKey.delete(oldest);
    for (const { counter } of this.#policies) counter.delete(oldest).catch(() => undefined);
  }
}
