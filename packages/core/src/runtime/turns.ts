import { EvtError } from "../evt-error.js";

/** Limits of concurrent and waiting calls. */
export interface TurnLimits {
  /** Maximum number of concurrent calls. */
  readonly atOnce: number;
  /** Maximum number of concurrent calls of one tenant. */
  readonly ofTenantAtOnce: number;
  /** Maximum number of waiting calls of one tenant. Further calls are refused with `EVT_OVERLOADED`. */
  readonly ofTenantWaiting: number;
}

interface Waiter {
  readonly urgent: boolean;
  readonly begin: () => void;
}

interface TenantLine {
  readonly tenantId: string | null;
  underWay: number;
  readonly waiting: Waiter[];
}

/** Limits concurrent calls, in total and for each tenant. Tenants with waiting calls take turns. */
export class Turns {
  readonly #limits: TurnLimits;
  /** The tenants with running or waiting calls, the next tenant first. */
  readonly #lines = new Map<string | null, TenantLine>();
  #underWay = 0;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /**
   * Runs `work` as soon as the limits allow it. Urgent work comes before the tenant's waiting work that is not urgent, and
   * is never refused. If the signal aborts, waiting work does not run, and running work no longer counts toward the limits, even
   * if it hangs.
   * @throws EvtError `EVT_OVERLOADED` if too many calls of this tenant wait; the signal's reason if the signal aborts
   * before or during the wait
   */
  async take<T>(
    tenantId: string | null,
    signal: AbortSignal,
    work: () => Promise<T>,
    urgent = false,
  ): Promise<T> {
    const line = this.#lineOf(tenantId);
    if (this.#isFree(line)) this.#begin(line);
    else await this.#wait(line, signal, urgent);
    const end = this.#ending(line, signal);
    try {
      return await work();
    } finally {
      end();
    }
  }

  #isFree({ underWay }: TenantLine): boolean {
    return this.#underWay < this.#limits.atOnce && underWay < this.#limits.ofTenantAtOnce;
  }

  #begin(line: TenantLine): void {
    line.underWay++;
    this.#underWay++;
  }

  #wait(line: TenantLine, signal: AbortSignal, urgent: boolean): Promise<void> {
    const { ofTenantWaiting } = this.#limits;
    if (signal.aborted || (!urgent && line.waiting.length >= ofTenantWaiting)) {
      this.#forget(line);
      if (signal.aborted) throw signal.reason;
      throw new EvtError(
        "EVT_OVERLOADED",
        `${line.waiting.length} calls of this tenant wait for the store; the limit is ${ofTenantWaiting}. Send again later`,
      );
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        urgent,
        begin: () => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        line.waiting.splice(line.waiting.indexOf(waiter), 1);
        this.#forget(line);
        reject(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      const before = urgent ? line.waiting.findIndex((each) => !each.urgent) : -1;
      line.waiting.splice(before < 0 ? line.waiting.length : before, 0, waiter);
    });
  }

  /** Returns a function that ends the turn. A second call has no effect. The turn also ends if the signal aborts. */
  #ending(line: TenantLine, signal: AbortSignal): () => void {
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      signal.removeEventListener("abort", end);
      line.underWay--;
      this.#underWay--;
      // the tenant goes to the end of the line
      this.#lines.delete(line.tenantId);
      this.#lines.set(line.tenantId, line);
      this.#next();
      this.#forget(line);
    };
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    return end;
  }

  #next(): void {
    for (const line of this.#lines.values()) {
      if (line.waiting.length === 0 || !this.#isFree(line)) continue;
      this.#begin(line);
      this.#lines.delete(line.tenantId);
      this.#lines.set(line.tenantId, line);
      line.waiting.shift()?.begin();
      return;
    }
  }

  #lineOf(tenantId: string | null): TenantLine {
    const known = this.#lines.get(tenantId);
    if (known !== undefined) return known;
    const line = { tenantId, underWay: 0, waiting: [] };
    this.#lines.set(tenantId, line);
    return line;
  }

  #forget(line: TenantLine): void {
    if (line.underWay === 0 && line.waiting.length === 0) this.#lines.delete(line.tenantId);
  }
}
