import { RateLimiterMemory } from "rate-limiter-flexible";
import { limiterOptions } from "./limiter-options.js";
import type { CounterStore } from "./rate-counter.js";

/** Returns a store that counts in the memory of this process. */
export function memoryCounters(): CounterStore {
  return {
    isShared: false,
    create: (policy) => new RateLimiterMemory(limiterOptions(policy)),
  };
}
