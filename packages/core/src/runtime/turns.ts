import { EvtError } from "../evt-error.js";

/** How many calls may be under way, and wait. */
export interface TurnLimits {
  /** Of all tenants. */
  readonly atOnce: number;
  /** Of one tenant. */
  readonly ofTenantAtOnce: number;
  /** Calls of one tenant that wait, past which they are refused with `EVT_OVERLOADED`. */
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

/** Lets calls of all tenants share a bound. Each tenant has a share of it, and those that wait take turns by tenant. */
export class Turns {
  readonly #limits: TurnLimits;
  /** Tenants with calls under way or waiting; the one whose turn is next first. */
  readonly #lines = new Map<string | null, TenantLine>();
  #underWay = 0;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /**
   * Does `work` when it is the tenant's turn. `urgent` work goes before what waits of its tenant, and is never refused.
   * The signal ends the waiting, and lets go of the turn of work that does not settle.
   * @throws EvtError `EVT_OVERLOADED`: too many calls of this tenant wait; or the signal's reason.
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
    if (!urgent && line.waiting.length >= ofTenantWaiting)
      throw new EvtError(
        "EVT_OVERLOADED",
        `${line.waiting.length} calls of this tenant wait for the store; the limit is ${ofTenantWaiting}: send again later`,
      );
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

  /** Ends the turn, once. */
  #ending(line: TenantLine, signal: AbortSignal): () => void {
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      signal.removeEventListener("abort", end);
      line.underWay--;
      this.#underWay--;
      // to the end of the line of tenants
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
