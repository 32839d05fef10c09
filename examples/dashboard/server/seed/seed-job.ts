import { setTimeout as sleep } from "node:timers/promises";
import { type EvtTenant, isEvtError, type StreamReport } from "@evt/core";
import { logError } from "../log-error.js";
import { readRealData } from "./real-data.js";
import { shuffled } from "./shuffle.js";

const SHUFFLE_SEED = 20_010_101;
/** Maximum number of times that a failing stream is sent. */
const ATTEMPTS = 10;
/** The pause before the stream is sent again. */
const PAUSE_MS = 500;

/** The progress of a run. Each record is sent twice, and counts twice in these numbers. */
export interface SeedStatus {
  readonly state: "idle" | "running" | "done" | "failed";
  readonly total: number;
  readonly sent: number;
  readonly processed: number;
  readonly duplicates: number;
  /** Number of rejected or conflicting records. This data has none. */
  readonly refused: number;
  readonly elapsedMs: number;
  /** The reason, if `state` is `failed`. */
  readonly error: string | null;
}

const IDLE: SeedStatus = {
  state: "idle",
  total: 0,
  sent: 0,
  processed: 0,
  duplicates: 0,
  refused: 0,
  elapsedMs: 0,
  error: null,
};

class Stopped extends Error {}

/**
 * Sends every record of the real data twice, in shuffled order. Only one run is active at a time. After a whole run, a
 * further run yields only duplicates.
 */
export class SeedJob {
  readonly #events: EvtTenant;
  readonly #abort = new AbortController();
  #status = IDLE;
  #startedAt = 0;
  #running: Promise<SeedStatus> | undefined;

  constructor(events: EvtTenant) {
    this.#events = events;
  }

  status(): SeedStatus {
    const { state } = this.#status;
    return state === "running" ? { ...this.#status, elapsedMs: this.#elapsedMs() } : this.#status;
  }

  /** Starts a run, or waits for the current run. Resolves with the final status. Never rejects. */
  run(): Promise<SeedStatus> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Ends the current run. Records that were already sent remain stored. */
  async stop(): Promise<void> {
    this.#abort.abort(new Stopped("the server is shutting down"));
    await this.#running;
  }

  async #run(): Promise<SeedStatus> {
    this.#startedAt = performance.now();
    this.#status = { ...IDLE, state: "running" };
    try {
      await this.#sendEverythingTwice();
      this.#end("done", null);
    } catch (thrown) {
      const { aborted, reason } = this.#abort.signal;
      this.#end("failed", shownReason(aborted ? reason : thrown));
    }
    return this.#status;
  }

  async #sendEverythingTwice(): Promise<void> {
    const { earthquakes, flights } = await readRealData();
    const once = [...earthquakes, ...flights];
    const records = shuffled([...once, ...once], SHUFFLE_SEED);
    this.#status = { ...this.#status, total: records.length };
    const { signal } = this.#abort;
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      const before = this.#status.processed;
      const onProgress = (report: StreamReport) => this.#note(report, before);
      try {
        await this.#events.ingestStream(records, { signal, onProgress });
        return;
      } catch (error) {
        if (!isEvtError(error) || attempt === ATTEMPTS) throw error;
        await sleep(PAUSE_MS, undefined, { signal });
      }
    }
  }

  /**
   * Updates the status. Records that an earlier attempt counted become duplicates in this attempt, so they are
   * subtracted.
   */
  #note({ events, processed, duplicates, conflicts, rejected }: StreamReport, before: number): void {
    this.#status = {
      ...this.#status,
      sent: events,
      processed: before + processed,
      duplicates: Math.max(0, duplicates - before),
      refused: conflicts + rejected,
    };
  }

  #end(state: "done" | "failed", error: string | null): void {
    this.#status = { ...this.#status, state, error, elapsedMs: this.#elapsedMs() };
  }

  #elapsedMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }
}

/**
 * Returns the message for the page. The message of an unexpected error is only logged, because it may contain paths.
 */
function shownReason(error: unknown): string {
  if (isEvtError(error) || error instanceof Stopped) return error.message;
  logError(error);
  return "something went wrong; see the log of the server";
}
