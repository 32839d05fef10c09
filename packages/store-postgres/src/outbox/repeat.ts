import type { Timers } from "../connection/time-limit.js";

/**
 * Does `turn` now, and again each time so many milliseconds after it has ended: never twice at once. What it answers
 * ends that, and resolves when nothing is under way. `turn` must not reject.
 */
export function repeat(ms: number, timers: Timers, turn: () => Promise<void>): () => Promise<void> {
  let stopped = false;
  let timer: unknown;
  let current: Promise<void>;
  const begin = () => {
    current = turn().then(() => {
      if (!stopped) timer = timers.setTimeout(begin, ms);
    });
  };
  begin();
  return async () => {
    stopped = true;
    timers.clearTimeout(timer);
    await current;
  };
}
