import { EvtError } from "../evt-error.js";
import { aborted, Deadline, overdue } from "../runtime/deadline.js";
import type { EventRecord, InsertOutcome, Store } from "../store.js";
import { isolate } from "./isolate.js";
import type { RecordFate } from "./record-fate.js";
import { type RetryContext, withRetry } from "./retry.js";
import { Ticket } from "./ticket.js";
import { type Batch, type BatchLimits, WaitingLine } from "./waiting-line.js";

/** Bounds of what is under way and of what waits. */
export interface QueueLimits extends BatchLimits {
  /** Inserts under way at once. @defaultValue 6 */
  readonly batchesInFlight: number;
  /** Records waiting, past which calls are refused with `EVT_OVERLOADED`. @defaultValue 20_000 */
  readonly waitingRecords: number;
  /** Raw text waiting, in characters, likewise. @defaultValue 67_108_864 */
  readonly waitingChars: number;
}

export const DEFAULT_QUEUE: QueueLimits = {
  batchRecords: 500,
  batchChars: 4 * 2 ** 20,
  batchesInFlight: 6,
  waitingRecords: 20_000,
  waitingChars: 64 * 2 ** 20,
};

export interface GroupCommitOptions extends RetryContext {
  readonly store: Store;
  readonly limits: QueueLimits;
  /** The time of one call, and of one insert with its retries. */
  readonly timeoutMs: number;
}

/** How long calls wait for an insert under way to end. One that takes longer hangs, or tries again and again: it is no reason for others to wait. */
const PATIENCE_MS = 50;

/**
 * Lets concurrent calls share inserts: what arrives while one is under way goes with the next. No timer, so no delay
 * when idle, and large batches under load. A further insert starts beside one under way only when it would be full, or
 * when that one takes long.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #waiting: WaitingLine;
  #inFlight = 0;
  #pumping = false;
  #patience: unknown;
  #closed = false;
  #onDrained: (() => void)[] = [];

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#waiting = new WaitingLine(options.limits);
  }

  /**
   * Fate i answers record i. When the signal fires or time is up, what is not settled yet is `unsettled`; what waits is
   * withdrawn.
   * @throws EvtError `EVT_OVERLOADED`, `EVT_CLOSED` (nothing was stored), `EVT_INTERNAL` (a defect of the store).
   */
  async submit(records: readonly EventRecord[], signal?: AbortSignal): Promise<readonly RecordFate[]> {
    if (records.length === 0) return [];
    if (this.#closed) throw new EvtError("EVT_CLOSED", "this evt was closed; nothing was stored");
    const refusal = this.#options.breaker.refusal();
    if (refusal !== null) return records.map(() => ({ outcome: "unsettled", error: refusal }));
    const ticket = new Ticket(records);
    this.#admit(ticket);
    ticket.whenSettled(this.#watch(ticket, signal));
    this.#schedule();
    return ticket.settled;
  }

  /** Why a call would be turned away now; `null` where it would be tried. */
  refusal(): EvtError | null {
    const { limits, breaker } = this.#options;
    const refusal = breaker.refusal();
    if (refusal !== null || this.#waiting.records < limits.waitingRecords) return refusal;
    return this.#overloaded();
  }

  /** Refuses what comes from now on; resolves when everything accepted before is done. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#idle()) return;
    await new Promise<void>((resolve) => this.#onDrained.push(resolve));
  }

  #admit(ticket: Ticket): void {
    const { waitingRecords, waitingChars } = this.#options.limits;
    // A call larger than the bound itself may wait alone: it could never be answered otherwise.
    const full =
      !this.#waiting.isEmpty &&
      (this.#waiting.records + ticket.waiting > waitingRecords ||
        this.#waiting.chars + ticket.waitingChars > waitingChars);
    if (full) throw this.#overloaded();
    this.#waiting.add(ticket);
  }

  #overloaded(): EvtError {
    const { waitingRecords, waitingChars } = this.#options.limits;
    const message = `${this.#waiting.records} events are waiting; the limit is ${waitingRecords} events or ${waitingChars} characters. Nothing was stored: send again later`;
    return new EvtError("EVT_OVERLOADED", message);
  }

  /** Withdraws the ticket when its caller gives up or time is up, until the function it answers is called. */
  #watch(ticket: Ticket, signal: AbortSignal | undefined): () => void {
    const { runtime, timeoutMs } = this.#options;
    const timer = runtime.setTimeout(() => this.#withdraw(ticket, overdue(timeoutMs)), timeoutMs);
    if (signal === undefined) return () => runtime.clearTimeout(timer);
    const onAbort = () => this.#withdraw(ticket, aborted(signal.reason));
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    return () => {
      runtime.clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
  }

  #withdraw(ticket: Ticket, reason: EvtError): void {
    this.#waiting.remove(ticket);
    ticket.giveUp(reason);
    this.#watchPatience();
    this.#announceDrained();
  }

  /** In a microtask, so that the calls of one turn share an insert. */
  #schedule(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    queueMicrotask(() => {
      this.#pumping = false;
      this.#pump();
    });
  }

  /** `patient`: whether what would not be full may wait for what is under way. */
  #pump(patient = true): void {
    const { batchesInFlight } = this.#options.limits;
    let mayWait = patient;
    this.#turnAway();
    while (!this.#waiting.isEmpty && this.#inFlight < batchesInFlight) {
      if (this.#inFlight > 0 && !this.#waiting.fillsBatch && mayWait) break;
      mayWait = true;
      this.#inFlight++;
      void this.#run(this.#waiting.nextBatch());
      this.#turnAway();
    }
    this.#watchPatience();
  }

  /** What waits for a store that is down is told so, instead of waiting until its time is up. */
  #turnAway(): void {
    const refusal = this.#waiting.isEmpty ? null : this.#options.breaker.refusal();
    if (refusal === null) return;
    for (const ticket of this.#waiting.tickets()) this.#withdraw(ticket, refusal);
  }

  /** One timer while anything waits that could go, none otherwise. */
  #watchPatience(): void {
    const { runtime, limits } = this.#options;
    const waits = !this.#waiting.isEmpty && this.#inFlight < limits.batchesInFlight;
    if (waits && this.#patience === undefined) {
      this.#patience = runtime.setTimeout(() => {
        this.#patience = undefined;
        this.#pump(false);
      }, PATIENCE_MS);
    } else if (!waits && this.#patience !== undefined) {
      runtime.clearTimeout(this.#patience);
      this.#patience = undefined;
    }
  }

  async #run(batch: Batch): Promise<void> {
    const { runtime, timeoutMs } = this.#options;
    const deadline = new Deadline(runtime, timeoutMs);
    try {
      const fates = await this.#insert(batch.records, deadline.signal);
      let at = 0;
      for (const { ticket, from, count } of batch.parts) {
        ticket.settle(from, fates.slice(at, at + count));
        at += count;
      }
    } catch (error) {
      for (const { ticket } of batch.parts) ticket.fail(error);
    } finally {
      deadline.dispose();
      this.#inFlight--;
      this.#pump();
      this.#announceDrained();
    }
  }

  async #insert(records: readonly EventRecord[], signal: AbortSignal): Promise<readonly RecordFate[]> {
    const { store } = this.#options;
    const insert = async (some: readonly EventRecord[]) => {
      const outcomes = await withRetry(() => store.insert(some, { signal }), this.#options, signal);
      return answersFor(some, outcomes);
    };
    const isolated = await isolate(records, insert);
    return isolated.map((each) => {
      if ("answer" in each) return each.answer;
      return { outcome: each.refused ? "refused" : "unsettled", error: each.error };
    });
  }

  #idle(): boolean {
    return this.#inFlight === 0 && this.#waiting.isEmpty;
  }

  #announceDrained(): void {
    if (!this.#idle()) return;
    for (const resolve of this.#onDrained.splice(0)) resolve();
  }
}

function answersFor(
  records: readonly EventRecord[],
  outcomes: readonly InsertOutcome[],
): readonly InsertOutcome[] {
  if (outcomes.length === records.length) return outcomes;
  throw new EvtError(
    "EVT_INTERNAL",
    `the store answered ${outcomes.length} outcomes to ${records.length} records`,
  );
}
