import type { Runtime } from "@evt/core/adapter";

/** Timers. Tests replace them. */
export type Timers = Pick<Runtime, "setTimeout" | "clearTimeout">;

/** The host's timers. A pending timer keeps the process alive. */
export const hostTimers: Timers = {
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** Timers that do not keep the process alive, for background work. */
export const backgroundTimers: Timers = {
  setTimeout: (callback, ms) => setTimeout(callback, ms).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
