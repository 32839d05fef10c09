import { RateLimiterMemory } from "rate-limiter-flexible";
import { limiterOptions } from "./limiter-options.js";
import type { CounterStore } from "./rate-counter.js";

/** Counts in the memory of this process. Each process has its own counts. */
export function memoryCounters(): CounterStore {
  return {
    isShared: false,
    create: (policy) => new RateLimiterMemory(limiterOptions(policy)),
  };
}
