import type { EvtError } from "../evt-error.js";
import type { EventRecord } from "../store.js";
import type { InsertResult } from "./insert-result.js";

/** The records of one call in the queue: one promise for all of them, settled when the last one is. */
export class Ticket {
  readonly settled: Promise<readonly InsertResult[]>;
  /** The tenant of all its records; `null` where there are several. */
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

  /** How many records were taken from the front. */
  get taken(): number {
    return this.#taken;
  }

  /** How many records are still to be taken. */
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

  /** Whether the result of a record is still awaited. */
  isOpen(at: number): boolean {
    return this.#results[at] === undefined;
  }

  /** Calls back as soon as nothing is open: at once where nothing is. */
  whenSettled(callback: () => void): void {
    this.#onSettled = callback;
    if (this.#open === 0) callback();
  }

  /** Result i is that of record `from + i`; an absent one is still to come. */
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

  /** Settles what is open: nobody waits for it any longer. */
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

/** What a record weighs in memory and on the wire; its other members are bounded. */
function charsOf(record: EventRecord): number {
  return 400 + (record.rawJson?.length ?? 0);
}
