/** How slow a transfer may be. */
export interface PaceLimits {
  /** For the whole transfer, in milliseconds. */
  readonly totalMs: number;
  /** How long it may lag behind the rate, or stand still, in milliseconds. */
  readonly stallMs: number;
  readonly bytesPerSecond: number;
}

/** Which limit a transfer did not keep. */
export type TooSlow = "total" | "stall";

/**
 * Watches that bytes keep moving. A transfer starts with an allowance of `stallMs`. Time uses it up, each byte that moves
 * earns some back, and it never exceeds `stallMs`: a fast start does not pay for standing still later.
 */
export class Pace {
  readonly #limits: PaceLimits;
  readonly #tooSlow: (which: TooSlow) => void;
  readonly #last: number;
  #until: number;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(limits: PaceLimits, tooSlow: (which: TooSlow) => void) {
    this.#limits = limits;
    this.#tooSlow = tooSlow;
    const now = performance.now();
    this.#last = now + limits.totalMs;
    this.#until = now + limits.stallMs;
    this.#wait();
  }

  moved(bytes: number): void {
    const { stallMs, bytesPerSecond } = this.#limits;
    const earned = this.#until + (bytes / bytesPerSecond) * 1_000;
    this.#until = Math.min(earned, performance.now() + stallMs);
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #wait(): void {
    const left = Math.min(this.#until, this.#last) - performance.now();
    // after a pause of the event loop timers run first: bytes that have arrived meanwhile are to count
    const look = () => setImmediate(() => this.#look());
    this.#timer = setTimeout(look, Math.max(1, Math.ceil(left)));
  }

  #look(): void {
    if (this.#isOver) return;
    const now = performance.now();
    if (now < this.#last && now < this.#until) return this.#wait();
    this.stop();
    this.#tooSlow(now >= this.#last ? "total" : "stall");
  }
}
