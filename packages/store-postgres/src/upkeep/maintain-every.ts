import { checkKnown, checkWhole } from "@evt/core/adapter";
import type { PgPool } from "../connection/pg-pool.js";
import { callListener } from "../options/call-listener.js";
import { repeat } from "../time/repeat.js";
import { backgroundTimers } from "../time/timers.js";
import { type Maintained, type MaintainOptions, maintain } from "./maintain.js";
import { checkMonthsAhead, checkUpkeep } from "./upkeep-options.js";

/** Options of {@link maintainEvery}. */
export interface MaintainEveryOptions extends Omit<MaintainOptions, "now"> {
  /** Called with a failed run's error. The next run tries again. Errors of the listener are ignored. */
  readonly onError: (error: unknown) => void;
  /** Called with the result of each run. Errors of the listener are ignored. */
  readonly onMaintained?: ((maintained: Maintained) => void) | undefined;
}

const OPTIONS = Object.keys({
  schema: true,
  monthsAhead: true,
  onError: true,
  onMaintained: true,
} satisfies Record<keyof MaintainEveryOptions, true>);

/**
 * Runs `maintain` now, and again `ms` milliseconds after each run has ended. Returns a function that stops the
 * repetition. The function's promise resolves when the current run has ended. Call the function before you end the pool.
 * The repetition does not keep the process alive.
 * @throws TypeError if an option is unknown or invalid
 * @example
 * ```ts
 * const stop = maintainEvery(pool, 600_000, { onError: console.error });
 * process.once("SIGTERM", () => stop().then(() => pool.end()));
 * ```
 */
export function maintainEvery(
  pool: Pick<PgPool, "connect">,
  ms: number,
  options: MaintainEveryOptions,
): () => Promise<void> {
  checkWhole("ms", ms ?? null, 1);
  checkKnown("maintainEvery", options, OPTIONS);
  const { onError, onMaintained, ...maintaining } = options;
  if (typeof onError !== "function")
    throw new TypeError("maintainEvery needs onError, which receives the errors of a run");
  checkUpkeep("maintainEvery", pool, maintaining, OPTIONS);
  checkMonthsAhead(maintaining.monthsAhead ?? 3);
  return repeat(ms, backgroundTimers, async () => {
    try {
      const maintained = await maintain(pool, maintaining);
      callListener(() => onMaintained?.(maintained));
    } catch (error) {
      callListener(() => onError(error));
    }
    return false;
  });
}
