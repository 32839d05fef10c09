import type { IngestOptions, StreamOptions } from "../calls.js";
import { EvtError, isEvtError } from "../evt-error.js";
import type { Failed, Outcome, StreamReport } from "../outcome.js";
import type { QueueLimits } from "../queue/group-commit.js";
import { aborted } from "../runtime/deadline.js";
import { countPrepared, type IngestContext, preparerFor } from "./ingest.js";
import type { Preparer } from "./prepare.js";
import type { Prepared, Refused } from "./prepared-event.js";

export interface StreamContext extends IngestContext {
  readonly limits: QueueLimits;
}

type Source = AsyncIterable<unknown> | Iterable<unknown>;

/** How long is waited before an insert is asked for again that found the queue full. */
const FULL_PAUSE_MS = 50;

/**
 * Counts the events of a source, as many as it has: reads only as fast as they become durable, and holds no more of them
 * than the inserts under way.
 */
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
  readonly #counts = { processed: 0, duplicates: 0, conflicts: 0, rejected: 0 };
  #chunk: (Prepared | Refused)[] = [];
  #chars = 0;
  #preparer: Preparer | undefined;
  /** Why reading on is of no use. */
  failure: unknown = null;

  constructor(tenantId: string, options: StreamOptions, context: StreamContext) {
    this.#tenantId = tenantId;
    this.#options = options;
    this.#context = context;
  }

  /** Where there is no room for another, resolves when there is. */
  take(raw: unknown): Promise<void> | undefined {
    const { limits } = this.#context;
    // the events of one chunk are received at one time
    this.#preparer ??= preparerFor(this.#tenantId, this.#ingestOptions(), this.#context);
    const prepared = this.#preparer.prepare(raw, undefined, undefined);
    this.#chunk.push(prepared);
    this.#chars += (prepared.outcome === "prepared" ? prepared.text : prepared.parked.rawJson)?.length ?? 0;
    if (this.#chunk.length < limits.batchRecords && this.#chars < limits.batchChars) return undefined;
    this.#send();
    return this.#room();
  }

  async #room(): Promise<void> {
    const { batchesInFlight } = this.#context.limits;
    while (this.#inFlight.size >= batchesInFlight && this.failure === null)
      await Promise.race(this.#inFlight);
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  /** Resolves when everything that was read is dealt with. */
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
    const outcomes = await this.#whenThereIsRoom(() =>
      // only counts are reported
      countPrepared(this.#tenantId, chunk, this.#options.signal, { ...this.#context, rawChars: 0 }),
    );
    for (const outcome of outcomes) this.#count(outcome);
    try {
      this.#options.onProgress?.(this.#report());
    } catch {
      // Its own affair.
    }
  }

  /** A queue that others have filled is no failure of a source that can wait. */
  async #whenThereIsRoom<T>(work: () => Promise<T>): Promise<T> {
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
        return;
      case "conflict":
        this.#counts.conflicts++;
        return;
      case "rejected":
        this.#counts.rejected++;
        return;
      case "failed":
        this.failure ??= failureOf(outcome);
    }
  }

  #report(): StreamReport {
    const { processed, duplicates, conflicts, rejected } = this.#counts;
    return { events: processed + duplicates + conflicts + rejected, ...this.#counts };
  }

  #ingestOptions(): IngestOptions {
    const { clientId, mapping } = this.#options;
    return { ...(clientId !== undefined && { clientId }), ...(mapping !== undefined && { mapping }) };
  }

  #stopped(): unknown {
    const { failure } = this;
    if (!isEvtError(failure) || failure.code === "EVT_INTERNAL" || failure.code === "EVT_ABORTED")
      return failure;
    const { events } = this.#report();
    const message = `the stream was stopped after ${events} events: ${failure.message}. Send it again, from its beginning or from anywhere before: what was counted comes back as duplicate`;
    return new EvtError(failure.code, message, { cause: failure });
  }
}

function failureOf({ error, cause }: Failed): EvtError {
  return new EvtError(error.code, error.message, { cause });
}

/** The source; ends where the signal fires, also while the source keeps one waiting. */
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
    // a source that hangs is not waited for
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
