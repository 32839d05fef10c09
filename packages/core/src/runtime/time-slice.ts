import { type Runtime, systemRuntime } from "./runtime.js";

/** Long enough that pauses cost nothing, short enough that several of them in a row are not noticed. */
const SLICE_MS = 10;

const SYSTEM = systemRuntime();

/**
 * Cuts long work into slices, so that it does not hold the event loop:
 * `if (slice.isOver) await slice.next();` between any two steps. It costs a look at the clock where it is not over.
 */
export class TimeSlice {
  readonly #runtime: Pick<Runtime, "now" | "pause">;
  #begun: number;

  constructor(runtime: Pick<Runtime, "now" | "pause"> = SYSTEM) {
    this.#runtime = runtime;
    this.#begun = runtime.now();
  }

  get isOver(): boolean {
    // also where the clock was put back
    return Math.abs(this.#runtime.now() - this.#begun) >= SLICE_MS;
  }

  /** Lets everything else run that is due. */
  async next(): Promise<void> {
    await this.#runtime.pause();
    this.#begun = this.#runtime.now();
  }
}
