import type { EvtError } from "../evt-error.js";
import type { EventRecord } from "../store.js";
import type { RecordFate } from "./record-fate.js";

/** The records of one call in the queue: one promise for all of them, settled when the last one is. */
export class Ticket {
  readonly settled: Promise<readonly RecordFate[]>;
  readonly #records: readonly EventRecord[];
  readonly #fates: (RecordFate | undefined)[];
  #taken = 0;
  #open: number;
  #waitingChars: number;
  #resolve: (fates: readonly RecordFate[]) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(records: readonly EventRecord[]) {
    this.#records = records;
    this.#fates = new Array(records.length);
    this.#open = records.length;
    this.#waitingChars = records.reduce((sum, record) => sum + charsOf(record), 0);
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

  settle(from: number, fates: readonly RecordFate[]): void {
    for (const [i, fate] of fates.entries()) {
      if (this.#fates[from + i] !== undefined) continue;
      this.#fates[from + i] = fate;
      this.#open--;
    }
    if (this.#open === 0) this.#resolve(this.#fates as RecordFate[]);
  }

  /** Settles what is open: nobody waits for it any longer. */
  giveUp(error: EvtError): void {
    this.settle(
      0,
      Array.from(this.#fates, (fate) => fate ?? { outcome: "unsettled", error }),
    );
  }

  fail(error: unknown): void {
    this.#reject(error);
  }
}

/** What a record weighs in memory and on the wire; its other members are bounded. */
function charsOf(record: EventRecord): number {
  return 400 + (record.rawJson?.length ?? 0);
}
