import type { Runtime } from "../runtime/runtime.js";
import type { InsertSlots, Lane } from "./insert-slots.js";
import { type Flight, newFlight, type SlowSearch } from "./slow-search.js";
import type { SlowTenants } from "./slow-tenants.js";
import type { Takes, WaitingLine } from "./waiting-line.js";

/** With more than this waiting, or in an insert, a tenant shares no insert with others. */
const MUCH_RECORDS = 32;
const MUCH_CHARS = 256 * 1_024;

export interface InsertOrderOptions {
  readonly runtime: Pick<Runtime, "now">;
  readonly waiting: WaitingLine;
  readonly slots: InsertSlots;
  readonly slow: SlowTenants;
  /** The searches whose parts wait, in the order in which they are taken. */
  readonly searches: readonly SlowSearch[];
}

/**
 * Decides which insert starts next: whose records it has, and whether it waits for an insert under way. Slow tenants
 * come first while they have no insert under way, and last otherwise.
 */
export class InsertOrder {
  readonly #runtime: Pick<Runtime, "now">;
  readonly #waiting: WaitingLine;
  readonly #slots: InsertSlots;
  readonly #slow: SlowTenants;
  readonly #searches: readonly SlowSearch[];

  constructor({ runtime, waiting, slots, slow, searches }: InsertOrderOptions) {
    this.#runtime = runtime;
    this.#waiting = waiting;
    this.#slots = slots;
    this.#slow = slow;
    this.#searches = searches;
  }

  /** Whether nothing waits: no call, and no part of a batch that is split. */
  get isEmpty(): boolean {
    return this.#waiting.isEmpty && !this.#searches.some(({ isWaiting }) => isWaiting);
  }

  /**
   * Takes the next insert out of what waits; `null` if none may start now.
   * @param mayWait - Whether an insert that would not be full may wait for one under way.
   */
  next(mayWait: boolean): Flight | null {
    if (this.isEmpty) return null;
    if (!this.#slow.isEmpty) this.#slow.forget();
    if (this.#slots.slow === 0) return this.#nextSlow(mayWait) ?? this.#nextOther(mayWait);
    return this.#nextOther(mayWait) ?? this.#nextSlow(mayWait);
  }

  laneOf({ tenantId, batch: { records, chars } }: Flight): Lane {
    if (tenantId === null) return "shared";
    if (this.#slow.has(tenantId)) return "slow";
    return isMuch(records.length, chars) ? "large" : "shared";
  }

  /** In the order of the waiting line: a tenant with much waiting goes alone, all others go together. */
  #nextOther(mayWait: boolean): Flight | null {
    const isFree = this.#slots.isFree;
    const takes: Takes = (tenantId) =>
      !this.#slow.has(tenantId) && (isFree || this.#slots.mayExceed(tenantId));
    const part = this.#takePart(({ tenantId }) => takes(tenantId));
    if (part !== null) return part;
    for (const tenantId of this.#waiting.tenants()) {
      if (!takes(tenantId)) continue;
      const goes = this.#hasMuch(tenantId)
        ? this.#nextAlone(tenantId, mayWait)
        : this.#nextShared((other) => takes(other) && !this.#hasMuch(other), mayWait);
      if (goes !== null) return goes;
    }
    return null;
  }

  #nextSlow(mayWait: boolean): Flight | null {
    if (this.#slow.isEmpty) return null;
    const tenants = this.#waiting.tenants();
    if (!this.#slots.isFreeForSlow(tenants.some((tenantId) => !this.#slow.has(tenantId)))) return null;
    const part = this.#takePart(({ tenantId }) => this.#slow.has(tenantId));
    if (part !== null) return part;
    for (const tenantId of tenants) {
      const goes = this.#slow.has(tenantId) ? this.#nextAlone(tenantId, mayWait) : null;
      if (goes !== null) return goes;
    }
    return null;
  }

  #nextAlone(tenantId: string | null, mayWait: boolean): Flight | null {
    const alone: Takes = (other) => other === tenantId;
    const waits = mayWait && this.#slots.heldBy(tenantId) > 0 && !this.#waiting.fillsBatch(alone);
    return waits ? null : this.#newFlight(alone);
  }

  /** A large or slow insert under way is a reason to wait only for the records of its own tenant. */
  #nextShared(takes: Takes, mayWait: boolean): Flight | null {
    const follows =
      this.#slots.shared > 0 ||
      this.#waiting.tenants().every((tenantId) => !takes(tenantId) || this.#slots.heldBy(tenantId) > 0);
    const waits = mayWait && follows && this.#slots.isFree && !this.#waiting.fillsBatch(takes);
    return waits ? null : this.#newFlight(takes);
  }

  /** In one insert with much of another tenant, a few records would take as long as all of it. */
  #hasMuch(tenantId: string | null): boolean {
    const { records, chars } = this.#waiting.of(tenantId);
    return tenantId !== null && isMuch(records, chars);
  }

  #takePart(takes: (flight: Flight) => boolean): Flight | null {
    for (const search of this.#searches) {
      const part = search.take(takes);
      if (part !== null) return part;
    }
    return null;
  }

  #newFlight(takes: Takes): Flight {
    return newFlight(this.#waiting.nextBatch(takes), this.#runtime.now());
  }
}

function isMuch(records: number, chars: number): boolean {
  return records > MUCH_RECORDS || chars > MUCH_CHARS;
}
