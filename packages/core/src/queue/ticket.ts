import type { EvtError } from "../evt-error.js";
import type { EventRecord } from "../store.js";
import type { InsertResult } from "./insert-result.js";

/** The records of one call in the queue, with their results. */
export class Ticket {
  readonly settled: Promise<readonly InsertResult[]>;
  /** The tenant of all its records. `null` if there are several tenants. */
  readonly tenantId: string | null;
  readonly #records: readonly EventRecord[];
  readonly #results: (InsertResult | undefined)[];
  #taken = 0;
  #open: number;
  #waitingChars: number;
  #resolve: (results: readonly InsertResult[]) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #onSettled: (() => void) | undefined;

  constructor(records: readonly EventRecord[]) {
    this.#records = records;
    this.#results = new Array(records.length);
    this.#open = records.length;
    let tenantId = records[0]?.tenantId ?? null;
    let chars = 0;
    for (const record of records) {
      chars += charsOf(record);
      if (record.tenantId !== tenantId) tenantId = null;
    }
    this.tenantId = tenantId;
    this.#waitingChars = chars;
    this.settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** The number of records that inserts have taken. */
  get taken(): number {
    return this.#taken;
  }

  /** The number of records that wait for an insert. */
  get waiting(): number {
    return this.#records.length - this.#taken;
  }

  get waitingChars(): number {
    return this.#waitingChars;
  }

  get nextChars(): number {
    return charsOf(this.#records[this.#taken] as EventRecord);
  }

  take(): EventRecord {
    const record = this.#records[this.#taken++] as EventRecord;
    this.#waitingChars -= charsOf(record);
    return record;
  }

  /** Returns whether the record at this index has no result yet. */
  isOpen(at: number): boolean {
    return this.#results[at] === undefined;
  }

  /** Calls `callback` as soon as every record has a result or the call has failed. */
  whenSettled(callback: () => void): void {
    this.#onSettled = callback;
    if (this.#open === 0) callback();
  }

  /** Sets results. Result i belongs to record `from + i`. A record whose result is `undefined` remains open. */
  settle(from: number, results: readonly (InsertResult | undefined)[]): void {
    let at = from;
    for (const result of results) {
      if (result !== undefined && this.#results[at] === undefined) {
        this.#results[at] = result;
        this.#open--;
      }
      at++;
    }
    if (this.#open > 0) return;
    this.#onSettled?.();
    this.#resolve(this.#results as InsertResult[]);
  }

  /** Gives all open records the result `unsettled` with this error. */
  giveUp(error: EvtError): void {
    this.settle(
      0,
      Array.from(this.#results, (result) => result ?? { outcome: "unsettled", error }),
    );
  }

  fail(error: unknown): void {
    this.#onSettled?.();
    this.#reject(error);
  }
}

/** Returns the approximate size of a record, in characters. All members except the raw event are short. */
function charsOf(record: EventRecord): number {
  return 400 + (record.rawJson?.length ?? 0);
}
