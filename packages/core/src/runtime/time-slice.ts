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

/**
 * `items.map(work)` in slices of time. At once, without a promise, where the work is done within the first slice: most
 * calls are, and they are not to wait.
 */
export function mapInSlices<T, U>(
  items: readonly T[],
  work: (item: T, index: number) => U,
  runtime: Pick<Runtime, "now" | "pause">,
): readonly U[] | Promise<readonly U[]> {
  const slice = new TimeSlice(runtime);
  const done: U[] = [];
  for (let index = 0; index < items.length; index++) {
    if (index > 0 && slice.isOver) return mapOn(items, work, slice, done);
    done.push(work(items[index] as T, index));
  }
  // what is done with them takes its own time
  return slice.isOver ? slice.next().then(() => done) : done;
}

async function mapOn<T, U>(
  items: readonly T[],
  work: (item: T, index: number) => U,
  slice: TimeSlice,
  done: U[],
): Promise<readonly U[]> {
  for (let index = done.length; index < items.length; index++) {
    if (slice.isOver) await slice.next();
    done.push(work(items[index] as T, index));
  }
  return done;
}
