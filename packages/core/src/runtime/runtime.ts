import { randomBytes } from "node:crypto";

/** Clock, randomness, timers, pauses and receipt ids. Injected, so that tests are deterministic. */
export interface Runtime {
  /** Unix time in milliseconds. */
  now(): number;
  /** A random number in [0, 1), for jitter. */
  random(): number;
  /**
   * Calls `callback` once after `ms` milliseconds. Returns a timer for `clearTimeout`. evt clears each timer that it no
   * longer needs.
   */
  setTimeout(callback: () => void, ms: number): unknown;
  /** Cancels a timer. */
  clearTimeout(timer: unknown): void;
  /** Resolves in a later turn of the event loop. evt uses it to split long work into slices. */
  pause(): Promise<void>;
  /** Returns a globally unique id of 32 hex digits. */
  receiptId(): string;
}

/** Returns a runtime that uses the system's clock, randomness and timers. */
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

/**
 * The callers that wait in `pause`, in order of arrival. All system runtimes of a thread share this list, because they
 * share its event loop.
 */
const paused: (() => void)[] = [];

/**
 * Waits until a later turn of the event loop. Only one waiting caller resumes per turn. If all callers resumed in the same
 * turn, together they could block the event loop.
 */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    if (paused.push(resolve) === 1) setImmediate(resumeNext);
  });
}

function resumeNext(): void {
  paused.shift()?.();
  // setImmediate inside an immediate runs in the next turn
  if (paused.length > 0) setImmediate(resumeNext);
}

const HEX = Array.from({ length: 4_096 }, (_, i) => i.toString(16).padStart(3, "0"));

/**
 * Returns a function that creates ids from 80 random bits and a 48-bit counter. The random bits are drawn once, so an id
 * needs no system call.
 */
function receiptIds(): () => string {
  const source = randomBytes(10).toString("hex");
  let drawn = 0;
  let start = "";
  return () => {
    const low = drawn % HEX.length;
    if (low === 0) start = source + (drawn / HEX.length).toString(16).padStart(9, "0");
    drawn++;
    return start + HEX[low];
  };
}
