import { readFileSync } from "node:fs";

/** The duration of one turn of the event loop, in milliseconds. */
export interface Hold {
  /** Elapsed time, including the time of other processes. */
  readonly wallMs: number;
  /** Processor time of the main thread. Elapsed time if the system does not report processor time. */
  readonly cpuMs: number;
}

/** Measures the turns of the event loop. A timer of one millisecond fires at most once in each turn. */
export class LoopProbe {
  readonly #timer: NodeJS.Timeout;
  #wallMs = 0;
  #cpuMs = 0;
  #last = look();

  constructor() {
    this.#timer = setInterval(() => this.#tick(), 1);
  }

  /** Returns the longest elapsed time and the longest processor time of a turn since the previous call. */
  longest(): Hold {
    this.#tick();
    const longest = { wallMs: this.#wallMs, cpuMs: this.#cpuMs };
    this.#wallMs = 0;
    this.#cpuMs = 0;
    return longest;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = look();
    this.#wallMs = Math.max(this.#wallMs, now.wallMs - this.#last.wallMs);
    this.#cpuMs = Math.max(this.#cpuMs, now.cpuMs - this.#last.cpuMs);
    this.#last = now;
  }
}

function look(): Hold {
  const wallMs = performance.now();
  return { wallMs, cpuMs: mainThreadCpuMs() ?? wallMs };
}

/** Returns the processor time of the main thread in milliseconds. Returns `null` on systems other than Linux. */
function mainThreadCpuMs(): number | null {
  try {
    const [ns] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "latin1").split(" ");
    return Number(ns) / 1e6;
  } catch {
    return null;
  }
}
