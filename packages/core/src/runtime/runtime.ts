import { randomBytes } from "node:crypto";

/** Time and chance, injected so that a run can be replayed. Every member has a default. */
export interface Runtime {
  /** Unix time in milliseconds. */
  now(): number;
  /** In [0, 1), for jitter. */
  random(): number;
  /** Calls back once after `ms`. Every timer is cleared once nobody waits any more. */
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  /** Resolves in a turn of the event loop of its own: a long piece of work is cut into slices with it. */
  pause(): Promise<void>;
  /** 32 hex digits, never the same twice anywhere. */
  receiptId(): string;
}

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

/** Of the whole process, as there is one event loop. First come, first served. */
const paused: (() => void)[] = [];

/** One a turn: if all went on in the same turn, it would be held as often as long as there are slices. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    if (paused.push(resolve) === 1) setImmediate(resumeNext);
  });
}

function resumeNext(): void {
  paused.shift()?.();
  // called in an immediate, the next one belongs to the next turn
  if (paused.length > 0) setImmediate(resumeNext);
}

const HEX = Array.from({ length: 4_096 }, (_, i) => i.toString(16).padStart(3, "0"));

/** 80 random bits for this source of ids, 48 bits of a counter: unique without a call to the system for each event. */
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
