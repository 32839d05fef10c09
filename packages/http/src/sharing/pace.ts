/** The limits of a transfer: a request body or a response. A slower transfer is aborted. */
export interface PaceLimits {
  /** Maximum time for the whole transfer, in milliseconds. */
  readonly totalMs: number;
  /** Maximum time that the transfer may stall or fall behind `bytesPerSecond`, in milliseconds. */
  readonly stallMs: number;
  /** Minimum rate, in bytes per second. */
  readonly bytesPerSecond: number;
}

/** The limit that a transfer exceeded. */
export type TooSlow = "total" | "stall";

/**
 * Checks that a transfer keeps moving, and calls `tooSlow` if not. The transfer has a time budget, which starts at `stallMs`.
 * Time uses up the budget, and each byte adds to it. The budget never exceeds `stallMs`, so a fast start does not excuse a
 * later stall.
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
    // after the event loop was blocked, timers run first; setImmediate lets `moved` count the bytes that arrived meanwhile
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
