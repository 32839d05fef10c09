import type { Runtime } from "../runtime/runtime.js";
import type { InsertSlots, Lane } from "./insert-slots.js";
import { type InFlightBatch, newInFlightBatch, type SlowSearch } from "./slow-search.js";
import type { SlowTenants } from "./slow-tenants.js";
import type { Takes, WaitingLine } from "./waiting-line.js";

/**
 * A tenant with more waiting records or characters than this gets its own inserts. An insert of one tenant with more
 * than this is `large`.
 */
const MUCH_RECORDS = 32;
const MUCH_CHARS = 256 * 1_024;

export interface InsertOrderOptions {
  readonly runtime: Pick<Runtime, "now">;
  readonly waiting: WaitingLine;
  readonly slots: InsertSlots;
  readonly slow: SlowTenants;
  /** The searches whose parts may wait. Parts of an earlier search are taken first. */
  readonly searches: readonly SlowSearch[];
}

/**
 * Decides which records the next insert takes, and whether it waits for an insert in flight. If no slow tenant has an
 * insert in flight, slow tenants come first. If one has, they come last.
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

  /** Whether no call and no part of a split batch waits. */
  get isEmpty(): boolean {
    return this.#waiting.isEmpty && !this.#searches.some(({ isWaiting }) => isWaiting);
  }

  /**
   * Takes the next insert from the queue. Returns `null` if no insert may start now.
   * @param mayWait - whether an insert that would not be full may wait for an insert in flight
   */
  next(mayWait: boolean): InFlightBatch | null {
    if (this.isEmpty) return null;
    if (!this.#slow.isEmpty) this.#slow.forget();
    if (this.#slots.slow === 0) return this.#nextSlow(mayWait) ?? this.#nextOther(mayWait);
    return this.#nextOther(mayWait) ?? this.#nextSlow(mayWait);
  }

  laneOf({ tenantId, batch: { records, chars } }: InFlightBatch): Lane {
    if (tenantId === null) return "shared";
    if (this.#slow.has(tenantId)) return "slow";
    return isMuch(records.length, chars) ? "large" : "shared";
  }

  /**
   * Takes the next insert of tenants that are not slow: a part of a split batch, or else records in the order of the
   * waiting line. A tenant with many waiting records gets its own insert. The other tenants share one.
   */
  #nextOther(mayWait: boolean): InFlightBatch | null {
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

  #nextSlow(mayWait: boolean): InFlightBatch | null {
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

  #nextAlone(tenantId: string | null, mayWait: boolean): InFlightBatch | null {
    const alone: Takes = (other) => other === tenantId;
    const waits = mayWait && this.#slots.heldBy(tenantId) > 0 && !this.#waiting.fillsBatch(alone);
    return waits ? null : this.#newBatch(alone);
  }

  /**
   * Takes the next shared insert. It may wait for a shared insert in flight. It may wait for a large or slow insert only
   * if all its records belong to tenants with an insert in flight.
   */
  #nextShared(takes: Takes, mayWait: boolean): InFlightBatch | null {
    const follows =
      this.#slots.shared > 0 ||
      this.#waiting.tenants().every((tenantId) => !takes(tenantId) || this.#slots.heldBy(tenantId) > 0);
    const waits = mayWait && follows && this.#slots.isFree && !this.#waiting.fillsBatch(takes);
    return waits ? null : this.#newBatch(takes);
  }

  /** Returns whether a tenant has so many waiting records that they would delay other tenants in the same insert. */
  #hasMuch(tenantId: string | null): boolean {
    const { records, chars } = this.#waiting.of(tenantId);
    return tenantId !== null && isMuch(records, chars);
  }

  #takePart(takes: (inFlight: InFlightBatch) => boolean): InFlightBatch | null {
    for (const search of this.#searches) {
      const part = search.take(takes);
      if (part !== null) return part;
    }
    return null;
  }

  #newBatch(takes: Takes): InFlightBatch {
    return newInFlightBatch(this.#waiting.nextBatch(takes), this.#runtime.now());
  }
}

function isMuch(records: number, chars: number): boolean {
  return records > MUCH_RECORDS || chars > MUCH_CHARS;
}
