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
  /** Resolves once everything else that is due has run: a long piece of work is cut into slices with it. */
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
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    receiptId: receiptIds(),
  };
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
