import type { IngestOptions, StreamOptions } from "../calls.js";
import { EvtError, isEvtError } from "../evt-error.js";
import type { Failed, Outcome, StreamReport } from "../outcome.js";
import type { QueueLimits } from "../queue/queue-limits.js";
import { aborted } from "../runtime/deadline.js";
import { prepareSent } from "./envelopes.js";
import { countPrepared } from "./ingest.js";
import type { IngestContext } from "./ingest-context.js";
import type { Preparer } from "./prepare.js";
import { envelopesOf, preparerFor } from "./prepare-in-slices.js";
import type { Prepared, Refused } from "./prepared-event.js";

export interface StreamContext extends IngestContext {
  readonly limits: QueueLimits;
}

type Source = AsyncIterable<unknown> | Iterable<unknown>;

/** The pause before another try if the queue is full. */
const FULL_PAUSE_MS = 50;

/** Counts the events of a source. Does not read on while `batchesInFlight` inserts run, so that memory is bounded. */
export async function ingestStream(
  tenantId: string,
  source: Source,
  options: StreamOptions,
  context: StreamContext,
): Promise<StreamReport> {
  const stream = new EventStream(tenantId, options, context);
  const { signal } = options;
  try {
    for await (const raw of signal === undefined ? source : abortable(source, signal)) {
      const room = stream.take(raw);
      if (room !== undefined) await room;
      if (stream.failure !== null) break;
    }
  } catch (error) {
    await stream.settled();
    throw error;
  }
  if (signal?.aborted) throw aborted(signal.reason);
  return stream.end();
}

class EventStream {
  readonly #tenantId: string;
  readonly #options: StreamOptions;
  readonly #context: StreamContext;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #counts = { processed: 0, duplicates: 0, conflicts: 0, rejected: 0, possibleTwins: 0 };
  #chunk: (Prepared | Refused)[] = [];
  #chars = 0;
  #preparer: Preparer | undefined;
  /** The first failure, which stops the reading. `null` if there was none. */
  failure: unknown = null;

  constructor(tenantId: string, options: StreamOptions, context: StreamContext) {
    this.#tenantId = tenantId;
    this.#options = options;
    this.#context = context;
  }

  /** Takes one raw event. If it returns a promise, the caller must wait for it before the next event. */
  take(raw: unknown): Promise<void> | undefined {
    const { limits } = this.#context;
    // all events of a chunk have the same receive time
    this.#preparer ??= preparerFor(this.#tenantId, this.#ingestOptions(), 1, this.#context);
    // a new object for each raw event, because the limit of unwrapped events applies to one raw event
    const envelopes = envelopesOf(this.#tenantId, this.#preparer, this.#ingestOptions(), this.#context);
    const sent = envelopes?.open(raw, 0, undefined, undefined);
    if (sent === undefined) this.#add(this.#preparer.prepare(raw, undefined, undefined));
    else for (const each of sent) this.#add(prepareSent(each, false));
    if (this.#chunk.length < limits.batchRecords && this.#chars < limits.batchChars) return undefined;
    this.#send();
    return this.#room();
  }

  #add(prepared: Prepared | Refused): void {
    // an event with a derived key is accepted, because an envelope is never split between chunks
    if (prepared.outcome === "prepared" && prepared.twin !== null && prepared.record.idempotencyKey === null)
      throw numbered();
    this.#chunk.push(prepared);
    this.#chars += (prepared.outcome === "prepared" ? prepared.text : prepared.parked.rawJson)?.length ?? 0;
  }

  async #room(): Promise<void> {
    const { batchesInFlight } = this.#context.limits;
    while (this.#inFlight.size >= batchesInFlight && this.failure === null)
      await Promise.race(this.#inFlight);
  }

  /** Resolves when no insert is in flight. */
  async settled(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  /** Inserts the remaining events and returns the report. @throws the first failure */
  async end(): Promise<StreamReport> {
    if (this.#chunk.length > 0 && this.failure === null) this.#send();
    await this.settled();
    if (this.failure !== null) throw this.#stopped();
    return this.#report();
  }

  #send(): void {
    const chunk = this.#chunk;
    this.#chunk = [];
    this.#chars = 0;
    this.#preparer = undefined;
    const sending = this.#ingest(chunk)
      .catch((error: unknown) => {
        this.failure ??= error;
      })
      .finally(() => this.#inFlight.delete(sending));
    this.#inFlight.add(sending);
  }

  async #ingest(chunk: readonly (Prepared | Refused)[]): Promise<void> {
    const outcomes = await this.#onceThereIsRoom(() =>
      // a stream reports only counts, so it needs no raw events of holders
      countPrepared(this.#tenantId, chunk, this.#options.signal, { ...this.#context, rawChars: 0 }),
    );
    for (const outcome of outcomes) this.#count(outcome);
    try {
      this.#options.onProgress?.(this.#report());
    } catch {
      // listeners must not affect ingest
    }
  }

  /** Runs `work`. If the queue is full, tries again after a pause, because the source can wait. */
  async #onceThereIsRoom<T>(work: () => Promise<T>): Promise<T> {
    const { runtime } = this.#context;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isEvtError(error, "EVT_OVERLOADED") || this.failure !== null) throw error;
        await new Promise<void>((resolve) => void runtime.setTimeout(resolve, FULL_PAUSE_MS));
      }
    }
  }

  #count(outcome: Outcome): void {
    switch (outcome.outcome) {
      case "processed":
        this.#counts.processed++;
        return;
      case "duplicate":
        this.#counts.duplicates++;
        if (outcome.differs !== undefined) this.#counts.possibleTwins++;
        return;
      case "conflict":
        this.#counts.conflicts++;
        return;
      case "rejected":
        this.#counts.rejected++;
        return;
      case "failed":
        this.failure ??= failureOf(outcome);
        return;
      default:
        outcome satisfies never;
    }
  }

  #report(): StreamReport {
    const { processed, duplicates, conflicts, rejected } = this.#counts;
    return { events: processed + duplicates + conflicts + rejected, ...this.#counts };
  }

  #ingestOptions(): IngestOptions {
    const { clientId, mapping, unwrap } = this.#options;
    return { clientId, mapping, unwrap };
  }

  #stopped(): unknown {
    const { failure } = this;
    if (!isEvtError(failure) || failure.code === "EVT_INTERNAL" || failure.code === "EVT_ABORTED")
      return failure;
    const { events } = this.#report();
    const message = `the stream stopped after ${events} events: ${failure.message}. Send it again from its beginning: events that were counted are then duplicates, if they have a key or a timestamp`;
    return new EvtError(failure.code, message, { cause: failure });
  }
}

function numbered(): TypeError {
  return new TypeError(
    'ingestStream does not keep earlier events, so it cannot find equal ones: use ingestMany, or a mapping with `identical: "merge"`',
  );
}

function failureOf({ error, cause }: Failed): EvtError {
  return new EvtError(error.code, error.message, { cause });
}

/** Iterates over the source. Ends when the signal aborts, even if the source hangs. */
async function* abortable(source: Source, signal: AbortSignal): AsyncGenerator<unknown> {
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let giveUp: () => void = () => undefined;
  const onAbort = () => giveUp();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    while (!signal.aborted) {
      const next = await new Promise<IteratorResult<unknown>>((resolve, reject) => {
        giveUp = () => resolve({ done: true, value: undefined });
        Promise.resolve(iterator.next()).then(resolve, reject);
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    // not awaited, because the source may hang
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
