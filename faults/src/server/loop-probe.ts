import { readFileSync } from "node:fs";

/** How long the event loop was held in one piece, in milliseconds. */
export interface Hold {
  /** As others saw it: also while the machine did something else. */
  readonly wallMs: number;
  /** As the main thread used a processor; the wall's where the system does not tell. */
  readonly cpuMs: number;
}

/** A timer that is due each millisecond goes off once in each turn of the loop: between two of them lies one turn. */
export class LoopProbe {
  readonly #timer: NodeJS.Timeout;
  #wallMs = 0;
  #cpuMs = 0;
  #last = look();

  constructor() {
    this.#timer = setInterval(() => this.#tick(), 1);
  }

  /** The longest hold since it was asked before. */
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

/** Nanoseconds on a processor, as Linux counts them for the main thread. */
function mainThreadCpuMs(): number | null {
  try {
    const [ns] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "latin1").split(" ");
    return Number(ns) / 1e6;
  } catch {
    return null;
  }
}
