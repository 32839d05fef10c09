import type { Timers } from "./timers.js";

/**
 * Runs `turn` now, and again after each turn has ended. The next turn begins immediately if `turn` returned `true`, which
 * means that there is more work. Otherwise, it begins after `ms` milliseconds. `turn` must not reject.
 * @returns a function that stops the repetition; its promise resolves once the current turn has ended
 */
export function repeat(ms: number, timers: Timers, turn: () => Promise<boolean>): () => Promise<void> {
  let stopped = false;
  let timer: unknown;
  let current: Promise<void>;
  const begin = () => {
    current = turn().then((more) => {
      if (stopped) return;
      if (more) begin();
      else timer = timers.setTimeout(begin, ms);
    });
  };
  begin();
  return async () => {
    stopped = true;
    timers.clearTimeout(timer);
    await current;
  };
}
