import type { EventRecord } from "../store.js";
import type { Ticket } from "./ticket.js";

/** The size of one insert. */
export interface BatchLimits {
  /** Maximum number of records in one insert. @defaultValue 500 */
  readonly batchRecords: number;
  /**
   * Maximum size of the records in one insert, in characters: their raw events, plus 400 for each record. A single larger
   * record is inserted alone.
   * @defaultValue 4_194_304
   */
  readonly batchChars: number;
}

/** Consecutive records of one ticket in a batch. The records of a batch are the records of its parts, in order. */
export interface BatchPart {
  readonly ticket: Ticket;
  readonly from: number;
  readonly count: number;
}

/** The records of one or more calls that share one insert. */
export interface Batch {
  readonly records: EventRecord[];
  readonly parts: BatchPart[];
  chars: number;
}

/** Returns whether a batch may take records of a tenant. `null` stands for calls with records of several tenants. */
export type Takes = (tenantId: string | null) => boolean;

/**
 * Maximum number of records that one call adds to a batch in one turn while other calls wait. So a large call does not
 * delay small calls.
 */
const FAIR_SHARE = 256;

/** The waiting calls of one tenant, in order of arrival. */
interface TenantLine {
  readonly tenantId: string | null;
  readonly tickets: Ticket[];
  records: number;
  chars: number;
}

/** The calls whose records wait for an insert. Tenants take turns, and so do the calls of each tenant. */
export class WaitingLine {
  readonly #limits: BatchLimits;
  readonly #byTenant = new Map<string | null, TenantLine>();
  /** The tenants with waiting calls, the next tenant first. */
  readonly #turns: TenantLine[] = [];
  #records = 0;
  #chars = 0;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#turns.length === 0;
  }

  get records(): number {
    return this.#records;
  }

  get chars(): number {
    return this.#chars;
  }

  /** Returns the number and the size of one tenant's waiting records. */
  of(tenantId: string | null): { readonly records: number; readonly chars: number } {
    return this.#byTenant.get(tenantId) ?? { records: 0, chars: 0 };
  }

  /** Returns whether the tenants that `takes` accepts have enough waiting records for a full batch. */
  fillsBatch(takes: Takes): boolean {
    const { batchRecords, batchChars } = this.#limits;
    let [records, chars] = [0, 0];
    for (const line of this.#turns) {
      if (!takes(line.tenantId)) continue;
      records += line.records;
      chars += line.chars;
    }
    return records >= batchRecords || chars >= batchChars;
  }

  /** Returns the waiting tenants, the next tenant first. */
  tenants(): readonly (string | null)[] {
    return this.#turns.map(({ tenantId }) => tenantId);
  }

  tickets(): readonly Ticket[] {
    return this.#turns.flatMap(({ tickets }) => tickets);
  }

  add(ticket: Ticket): void {
    const { tenantId } = ticket;
    let line = this.#byTenant.get(tenantId);
    if (line === undefined) {
      line = { tenantId, tickets: [], records: 0, chars: 0 };
      this.#byTenant.set(tenantId, line);
      this.#turns.push(line);
    }
    line.tickets.push(ticket);
    this.#weigh(line, ticket.waiting, ticket.waitingChars);
  }

  /** Removes a ticket's waiting records from the queue. */
  remove(ticket: Ticket): void {
    const line = this.#byTenant.get(ticket.tenantId);
    const index = line?.tickets.indexOf(ticket) ?? -1;
    if (line === undefined || index < 0) return;
    line.tickets.splice(index, 1);
    this.#weigh(line, -ticket.waiting, -ticket.waitingChars);
    if (line.tickets.length > 0) return;
    this.#byTenant.delete(line.tenantId);
    this.#turns.splice(this.#turns.indexOf(line), 1);
  }

  /** Takes the next batch from the tenants that `takes` accepts. */
  nextBatch(takes: Takes): Batch {
    const { batchRecords, batchChars } = this.#limits;
    const batch: Batch = { records: [], parts: [], chars: 0 };
    let passed = 0;
    while (passed < this.#turns.length && batch.records.length < batchRecords && batch.chars < batchChars) {
      const line = this.#turns.shift() as TenantLine;
      const isTaken = takes(line.tenantId);
      if (isTaken) this.#takeTurn(line, batch);
      passed = isTaken ? 0 : passed + 1;
      if (line.tickets.length > 0) this.#turns.push(line);
      else this.#byTenant.delete(line.tenantId);
    }
    return batch;
  }

  #takeTurn(line: TenantLine, batch: Batch): void {
    const { batchRecords } = this.#limits;
    const ticket = line.tickets.shift() as Ticket;
    const isAlone = line.tickets.length === 0 && this.#turns.length === 0;
    const share = isAlone ? batchRecords : FAIR_SHARE;
    this.#take(ticket, Math.min(share, batchRecords - batch.records.length), batch, line);
    if (ticket.waiting > 0) line.tickets.push(ticket);
  }

  #take(ticket: Ticket, most: number, batch: Batch, line: TenantLine): void {
    const from = ticket.taken;
    let [count, taken] = [0, 0];
    while (count < most && ticket.waiting > 0) {
      const chars = ticket.nextChars;
      if (batch.records.length > 0 && batch.chars + chars > this.#limits.batchChars) {
        batch.chars = Number.POSITIVE_INFINITY;
        break;
      }
      batch.records.push(ticket.take());
      batch.chars += chars;
      taken += chars;
      count++;
    }
    this.#weigh(line, -count, -taken);
    if (count > 0) batch.parts.push({ ticket, from, count });
  }

  #weigh(line: TenantLine, records: number, chars: number): void {
    line.records += records;
    line.chars += chars;
    this.#records += records;
    this.#chars += chars;
  }
}
