import { randomBytes } from "node:crypto";

/** Clock, randomness and timers. Injected, so that tests are deterministic. */
export interface Runtime {
  /** Unix time in milliseconds. */
  now(): number;
  /** A random number in [0, 1), for jitter. */
  random(): number;
  /** Calls back once after `ms`. Returns a timer for `clearTimeout`. evt clears each timer that it no longer needs. */
  setTimeout(callback: () => void, ms: number): unknown;
  /** Cancels a timer. */
  clearTimeout(timer: unknown): void;
  /** Resolves in a later turn of the event loop. Long work is cut into slices with it. */
  pause(): Promise<void>;
  /** Returns 32 hex digits that are globally unique. */
  receiptId(): string;
}

/** Returns the runtime of the system. */
export function systemRuntime(): Runtime {
  return {
    now: Date.now,
    random: Math.random,
    setTimeout: (callback, ms) => setTimeout(callback, ms),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    pause,
    receiptId: receiptIds(),
  };
}

/** One list for the whole process, because there is one event loop. In order of arrival. */
const paused: (() => void)[] = [];

/** Resumes one slice per turn. If all resumed in the same turn, they would hold the event loop together. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    if (paused.push(resolve) === 1) setImmediate(resumeNext);
  });
}

function resumeNext(): void {
  paused.shift()?.();
  // an immediate that is set in an immediate runs in the next turn
  if (paused.length > 0) setImmediate(resumeNext);
}

const HEX = Array.from({ length: 4_096 }, (_, i) => i.toString(16).padStart(3, "0"));

/** 80 random bits for this source of ids and a 48-bit counter: unique without a system call for each event. */
function receiptIds(): () => string {
  const source = randomBytes(10).toString("hex");
  let drawn = 0;
  let start = "";
  return () => {
    const low = drawn % 16_777_216;
    if (low === 0)
      start =
        source +
        Math.floor(drawn / 16_777_216)
          .toString(16)
          .padStart(6, "0");
    drawn++;
    return start + HEX[low >> 12] + HEX[low & 4_095];
  };
}
