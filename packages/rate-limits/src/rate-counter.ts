/** The state of a counter after a change. */
export interface CountedPoints {
  /** The points of the current window. */
  readonly consumedPoints: number;
  /** Milliseconds until the window ends. */
  readonly msBeforeNext: number;
}

/**
 * Counts points by key, in windows of a fixed length. The first change of a key starts a window. The limiters of
 * `rate-limiter-flexible` have these methods.
 */
export interface RateCounter {
  /** Adds points. Starts a window if the key has none. */
  penalty(key: string, points: number): Promise<CountedPoints>;
  /** Subtracts points. */
  reward(key: string, points: number): Promise<CountedPoints>;
  /** Removes the window of a key. */
  delete(key: string): Promise<unknown>;
}

/** A quota of requests or events in a window. */
export interface RatePolicy {
  /** The name in the headers and in the store, such as `requests-minute`. */
  readonly name: string;
  /** What the quota counts. */
  readonly unit: "requests" | "events";
  /** Maximum number of requests or events in a window. */
  readonly quota: number;
  /** The length of a window, in seconds. */
  readonly seconds: number;
}

/** Creates the counters of rate limits. Use `memoryCounters` or `postgresCounters`. */
export interface CounterStore {
  /** Whether several processes share the counts. The calls of a shared store may fail. */
  readonly isShared: boolean;
  /** Creates the counter for a policy. */
  create(policy: RatePolicy): RateCounter;
}
