import { type Runtime, systemRuntime } from "./runtime.js";

/** Long enough that the cost of pauses is small, and short enough that a few slices in a row hardly delay other work. */
const SLICE_MS = 10;

const SYSTEM = systemRuntime();

/**
 * Splits long work into slices of about 10 ms, so that the work does not block the event loop.
 *
 * @example
 * const slice = new TimeSlice();
 * for (const each of many) {
 *   work(each);
 *   if (slice.isOver) await slice.next();
 * }
 */
export class TimeSlice {
  readonly #runtime: Pick<Runtime, "now" | "pause">;
  #begun: number;

  constructor(runtime: Pick<Runtime, "now" | "pause"> = SYSTEM) {
    this.#runtime = runtime;
    this.#begun = runtime.now();
  }

  /** Whether the slice has lasted 10 ms. */
  get isOver(): boolean {
    // also true if the clock was put back
    return Math.abs(this.#runtime.now() - this.#begun) >= SLICE_MS;
  }

  /** Lets other work run, then begins the next slice. */
  async next(): Promise<void> {
    await this.#runtime.pause();
    this.#begun = this.#runtime.now();
  }
}

/** Maps items in time slices. If the first slice is enough, as usual, returns the array itself instead of a promise. */
export function mapInSlices<T, U>(
  items: readonly T[],
  work: (item: T, index: number) => U,
  runtime: Pick<Runtime, "now" | "pause">,
): readonly U[] | Promise<readonly U[]> {
  const slice = new TimeSlice(runtime);
  const done = new Array<U>(items.length);
  for (let index = 0; index < items.length; index++) {
    if (index > 0 && slice.isOver) return mapOn(items, work, slice, done, index);
    done[index] = work(items[index] as T, index);
  }
  // so the caller continues in a new slice
  return slice.isOver ? slice.next().then(() => done) : done;
}

async function mapOn<T, U>(
  items: readonly T[],
  work: (item: T, index: number) => U,
  slice: TimeSlice,
  done: U[],
  from: number,
): Promise<readonly U[]> {
  for (let index = from; index < items.length; index++) {
    if (slice.isOver) await slice.next();
    done[index] = work(items[index] as T, index);
  }
  return done;
}
