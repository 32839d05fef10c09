import type { EvtError } from "@evt/core";
import { type Timers, within } from "../connection/time-limit.js";
import { FIRST, idOf } from "./outbox-statements.js";
import { type Batch, type DrainParts, drainBatch } from "./relay-batch.js";

/** What became of the events of a drain. */
export interface Drained {
  /** Stand counted: by this drain, or by one that broke off before it could say so. */
  readonly counted: number;
  /** Were sent before, or enqueued twice. */
  readonly duplicates: number;
  /** Were parked, as their keys are taken by other content. */
  readonly conflicts: number;
  /** Were parked, as the database can never hold them. */
  readonly rejected: number;
  /** Stay, as this version cannot read them: another may have written them. */
  readonly unreadable: number;
}

export interface PassOptions {
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
  /** Asked before each batch. */
  readonly goesOn: () => boolean;
}

export interface DrainerOptions {
  /** The time of one batch, counting included. */
  readonly timeoutMs: number;
  readonly timers: Timers;
}

/** What is taken at once, at most: several inserts, which go side by side. */
const BATCH_ROWS = 2_000;

/**
 * Goes over the rows that had committed when it began, in batches of ascending ids. One that ends early is resumed where
 * it ended, and then begins anew: rows of long transactions appear late, at any place, and rows that stay must not
 * keep others from their turn.
 */
export class Drainer {
  readonly #options: DrainerOptions;
  #resumeAfter = FIRST;

  constructor(options: DrainerOptions) {
    this.#options = options;
  }

  async pass({ limit, signal, goesOn }: PassOptions, parts: DrainParts): Promise<Drained> {
    const drained = { counted: 0, duplicates: 0, conflicts: 0, rejected: 0, unreadable: 0 };
    let failure: EvtError | null = null;
    const upTo = await this.#newest(signal, parts);
    let fromStart = this.#resumeAfter === FIRST;
    for (let left = limit; upTo !== null && left > 0 && goesOn(); ) {
      const span = { after: this.#resumeAfter, upTo, most: Math.min(left, BATCH_ROWS) };
      const batch = await this.#within(signal, (limited) => drainBatch(span, parts, limited));
      this.#resumeAfter = batch?.last ?? FIRST;
      if (batch === null) {
        if (fromStart) break;
        fromStart = true;
        continue;
      }
      left -= batch.taken;
      add(batch, drained);
      failure ??= batch.failure;
      if (batch.failure !== null && batch.settled.length === 0) break;
    }
    if (failure !== null) throw failure;
    return drained;
  }

  /** `null` where nothing is to do: all that a drain comes to, mostly. */
  async #newest(signal: AbortSignal | undefined, parts: DrainParts): Promise<string | null> {
    const { connections, statements } = parts;
    const asking = (limited: AbortSignal) =>
      connections.run({ signal: limited }, ({ ask }) => ask(statements.newest));
    const [row] = await this.#within(signal, asking);
    return row?.["id"] === null ? null : idOf(row?.["id"]);
  }

  #within<T>(signal: AbortSignal | undefined, work: (limited: AbortSignal) => Promise<T>): Promise<T> {
    return within(this.#options.timeoutMs, this.#options.timers, signal, work);
  }
}

function add(batch: Batch, drained: { -readonly [K in keyof Drained]: number }): void {
  drained.counted += batch.counted;
  drained.duplicates += batch.duplicates;
  drained.conflicts += batch.conflicts;
  drained.rejected += batch.rejected;
  drained.unreadable += batch.unreadable;
}
