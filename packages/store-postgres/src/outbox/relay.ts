import type { EvtError } from "@evt/core";
import { Deadline } from "@evt/core/adapter";
import type { Timers } from "../time/timers.js";
import { FIRST, idOf } from "./outbox-statements.js";
import { type Batch, type RelayParts, relayBatch } from "./relay-batch.js";

/** The result of one relay: how many events had each outcome. */
export interface Relayed {
  /** Events that this relay counted, or that an earlier relay counted but could not report. */
  readonly counted: number;
  /** Events that were not counted again, because they were counted before or enqueued more than once. */
  readonly duplicates: number;
  /** Events that were parked because another event holds their identity. */
  readonly conflicts: number;
  /** Events that were parked because the database refuses them. */
  readonly rejected: number;
  /** Rows left in the outbox because this version cannot read them. Another version may have written them. */
  readonly unreadable: number;
}

/** The limits of one pass. */
export interface PassOptions {
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
  /** Called before each batch. The pass ends if it returns false. */
  readonly goesOn: () => boolean;
}

export interface RelayLimits {
  /** The time limit of one batch, including counting, in milliseconds. */
  readonly timeoutMs: number;
  readonly timers: Timers;
}

/** Maximum number of rows in a batch. evt may split a batch into several concurrent inserts. */
const BATCH_ROWS = 2_000;

/**
 * Relays the rows that were committed when a pass began, in batches of ascending IDs. If a pass ends early, the next
 * pass resumes after the last row that was taken, and then starts again from the first row. Starting again finds rows
 * with lower IDs that long transactions commit late. Resuming prevents rows that cannot be relayed from blocking
 * later rows.
 */
export class Relay {
  readonly #options: RelayLimits;
  #resumeAfter = FIRST;

  constructor(options: RelayLimits) {
    this.#options = options;
  }

  async pass({ limit, signal, goesOn }: PassOptions, parts: RelayParts): Promise<Relayed> {
    const relayed = { counted: 0, duplicates: 0, conflicts: 0, rejected: 0, unreadable: 0 };
    let failure: EvtError | null = null;
    const upTo = await this.#newest(signal, parts);
    let fromStart = this.#resumeAfter === FIRST;
    for (let left = limit; upTo !== null && left > 0 && goesOn(); ) {
      const span = { after: this.#resumeAfter, upTo, most: Math.min(left, BATCH_ROWS) };
      const batch = await this.#within(signal, (limited) => relayBatch(span, parts, limited));
      this.#resumeAfter = batch?.last ?? FIRST;
      if (batch === null) {
        if (fromStart) break;
        fromStart = true;
        continue;
      }
      left -= batch.taken;
      add(batch, relayed);
      failure ??= batch.failure;
      if (batch.failure !== null && batch.done.length === 0) break;
    }
    if (failure !== null) throw failure;
    return relayed;
  }

  /** Returns the newest ID, or `null` if the outbox is empty, the common case. */
  async #newest(signal: AbortSignal | undefined, parts: RelayParts): Promise<string | null> {
    const { connections, statements } = parts;
    const newest = (limited: AbortSignal) =>
      connections.run({ signal: limited }, ({ query }) => query(statements.newest));
    const [row] = await this.#within(signal, newest);
    return row?.["id"] === null ? null : idOf(row?.["id"]);
  }

  async #within<T>(signal: AbortSignal | undefined, work: (limited: AbortSignal) => Promise<T>): Promise<T> {
    const { timeoutMs, timers } = this.#options;
    const deadline = new Deadline(timers, timeoutMs, signal);
    try {
      return await work(deadline.signal);
    } finally {
      deadline.dispose();
    }
  }
}

function add(batch: Batch, relayed: { -readonly [K in keyof Relayed]: number }): void {
  relayed.counted += batch.counted;
  relayed.duplicates += batch.duplicates;
  relayed.conflicts += batch.conflicts;
  relayed.rejected += batch.rejected;
  relayed.unreadable += batch.unreadable;
}
