import type { EventRecord } from "../store.js";
import type { Ticket } from "./ticket.js";

/** How much goes in one insert. */
export interface BatchLimits {
  /** Records in one insert. More of them cost each hardly less, and keep the next from being made ready meanwhile. @defaultValue 500 */
  readonly batchRecords: number;
  /** Raw text in one insert, in characters; one record may exceed it alone. @defaultValue 4_194_304 */
  readonly batchChars: number;
}

/** The records of several calls on their way in one insert. */
export interface Batch {
  readonly records: EventRecord[];
  readonly parts: { readonly ticket: Ticket; readonly from: number; readonly count: number }[];
  chars: number;
}

/** Most records a call puts into a batch while others wait, so that a large call does not hold up the small ones. */
const FAIR_SHARE = 256;

/** The calls whose records wait to be inserted, first come first served. */
export class WaitingLine {
  readonly #limits: BatchLimits;
  readonly #tickets: Ticket[] = [];
  #records = 0;
  #chars = 0;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#tickets.length === 0;
  }

  get records(): number {
    return this.#records;
  }

  get chars(): number {
    return this.#chars;
  }

  /** Whether an insert would have all it can take. */
  get fillsBatch(): boolean {
    const { batchRecords, batchChars } = this.#limits;
    return this.#records >= batchRecords || this.#chars >= batchChars;
  }

  tickets(): readonly Ticket[] {
    return [...this.#tickets];
  }

  add(ticket: Ticket): void {
    this.#tickets.push(ticket);
    this.#records += ticket.waiting;
    this.#chars += ticket.waitingChars;
  }

  /** Whatever of it waits no longer does; of what does not wait nothing is done. */
  remove(ticket: Ticket): void {
    const index = this.#tickets.indexOf(ticket);
    if (index < 0) return;
    this.#tickets.splice(index, 1);
    this.#records -= ticket.waiting;
    this.#chars -= ticket.waitingChars;
  }

  nextBatch(): Batch {
    const { batchRecords, batchChars } = this.#limits;
    const batch: Batch = { records: [], parts: [], chars: 0 };
    while (this.#tickets.length > 0 && batch.records.length < batchRecords && batch.chars < batchChars) {
      const ticket = this.#tickets.shift() as Ticket;
      const share = this.#tickets.length === 0 ? batchRecords : FAIR_SHARE;
      this.#take(ticket, Math.min(share, batchRecords - batch.records.length), batch);
      if (ticket.waiting > 0) this.#tickets.push(ticket);
    }
    return batch;
  }

  #take(ticket: Ticket, most: number, batch: Batch): void {
    const from = ticket.taken;
    let count = 0;
    while (count < most && ticket.waiting > 0) {
      const chars = ticket.nextChars;
      if (batch.records.length > 0 && batch.chars + chars > this.#limits.batchChars) {
        batch.chars = Number.POSITIVE_INFINITY;
        break;
      }
      batch.records.push(ticket.take());
      batch.chars += chars;
      this.#records--;
      this.#chars -= chars;
      count++;
    }
    if (count > 0) batch.parts.push({ ticket, from, count });
  }
}
