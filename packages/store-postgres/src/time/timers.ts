import type { Runtime } from "@evt/core/adapter";

/** Timers, which tests replace. */
export type Timers = Pick<Runtime, "setTimeout" | "clearTimeout">;

/** The timers of the host. A pending one keeps the process alive. */
export const hostTimers: Timers = {
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** Timers that do not keep the process alive, for work in the background. */
export const backgroundTimers: Timers = {
  setTimeout: (callback, ms) => setTimeout(callback, ms).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
