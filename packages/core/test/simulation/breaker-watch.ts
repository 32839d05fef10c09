interface Call {
  readonly startedAt: number;
  /** Which opening of the breaker it began in, if any: then it is a probe. */
  readonly probes: number | null;
}

/**
 * Computes independently of core what a breaker must do: after `failures` in a row that lasted `afterMs`,
 * one call at a time. Calls that end in one step of the world are judged together, because core may see them in any order.
 */
export class BreakerWatch {
  readonly #options: { readonly failures: number; readonly afterMs: number };
  readonly #underWay = new Set<Call>();
  #ended: { readonly startedAt: number; readonly down: boolean }[] = [];
  #failures = 0;
  #since = 0;
  #open = false;
  /** How many times it was open. */
  opened = 0;

  constructor(options: { readonly failures: number; readonly afterMs: number }) {
    this.#options = options;
  }

  started(now: number): Call {
    const call = { startedAt: now, probes: this.#open ? this.opened : null };
    this.#underWay.add(call);
    return call;
  }

  ended(call: Call, down: boolean): void {
    if (this.#underWay.delete(call)) this.#ended.push({ startedAt: call.startedAt, down });
  }

  /** The call was aborted, which shows nothing. */
  forgotten(call: Call): void {
    this.#underWay.delete(call);
  }

  /** Call it between two steps. @returns how many calls probe at once */
  step(now: number): number {
    const probes = [...this.#underWay].filter(({ probes }) => probes === this.opened).length;
    const ended = this.#ended;
    this.#ended = [];
    if (ended.some(({ down }) => !down)) {
      this.#open = false;
      this.#failures = 0;
    } else for (const { startedAt } of ended) this.#note(startedAt, now);
    return this.#open ? probes : 0;
  }

  #note(startedAt: number, now: number): void {
    if (this.#failures++ === 0) this.#since = startedAt;
    if (this.#open || this.#failures < this.#options.failures || now - this.#since < this.#options.afterMs)
      return;
    this.#open = true;
    this.opened++;
  }
}
