import { EvtError } from "../evt-error.js";
import { aborted, overdue } from "../runtime/deadline.js";
import type { EventRecord, InsertOutcome, Store } from "../store.js";
import { InsertOrder } from "./insert-order.js";
import type { InsertResult } from "./insert-result.js";
import { InsertSlots } from "./insert-slots.js";
import { isolate } from "./isolate.js";
import { type RetryContext, withRetry } from "./retry.js";
import { type InFlightBatch, SlowSearch } from "./slow-search.js";
import { SlowTenants } from "./slow-tenants.js";
import { SlowWatch } from "./slow-watch.js";
import { Ticket } from "./ticket.js";
import { type Batch, type BatchLimits, WaitingLine } from "./waiting-line.js";

/** Limits of inserts in flight and of waiting records. */
export interface QueueLimits extends BatchLimits {
  /**
   * Maximum number of inserts in flight. If other tenants take up all of them, one more may begin for a tenant that has
   * none. Tenants whose inserts were slow within the last minute get half of them while others wait.
   * @defaultValue 6
   */
  readonly batchesInFlight: number;
  /**
   * Maximum number of waiting records. Further calls are refused with `EVT_OVERLOADED`. A tenant with less than a quarter
   * of it may exceed it by a quarter, so that one tenant cannot fill the queue for all.
   * @defaultValue 20_000
   */
  readonly waitingRecords: number;
  /** Maximum size of waiting raw events, in characters, by the same rule. @defaultValue 67_108_864 */
  readonly waitingChars: number;
}

/** The share of the queue in which each tenant has room, no matter how much of others waits. */
const TENANT_SHARE = 1 / 4;

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
  /** Time limit of one call, and of one insert with its retries. */
  readonly timeoutMs: number;
}

/** How long calls wait for an insert in flight to end. An insert that takes longer hangs or is being retried. */
const PATIENCE_MS = 50;

/**
 * Lets concurrent calls share inserts. Records that arrive while an insert is in flight go with the next one. There is no
 * timer: an idle queue adds no delay, and a busy one forms large batches. A second insert starts concurrently only if it
 * would be full, or if the first one takes long.
 *
 * Slow records of one tenant do not delay those of others. Tenants take turns; a slow insert is aborted and split; a
 * tenant whose inserts are slow shares none with others.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #waiting: WaitingLine;
  readonly #slots: InsertSlots;
  readonly #slow: SlowTenants;
  /** Finds slow records in batches of several tenants, and in batches of one. */
  readonly #shared: SlowSearch;
  readonly #own: SlowSearch;
  readonly #order: InsertOrder;
  #pumping = false;
  #patience: unknown;
  #closed = false;
  #onDrained: (() => void)[] = [];

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#waiting = new WaitingLine(options.limits);
    this.#slots = new InsertSlots(options.limits.batchesInFlight);
    this.#slow = new SlowTenants(options.runtime);
    this.#shared = new SlowSearch(options.runtime);
    this.#own = new SlowSearch(options.runtime);
    this.#order = new InsertOrder({
      runtime: options.runtime,
      waiting: this.#waiting,
      slots: this.#slots,
      slow: this.#slow,
      searches: [this.#shared, this.#own],
    });
  }

  /**
   * Inserts records. Result i belongs to record i. When the signal aborts or time is up, waiting records are withdrawn and
   * records without a result are `unsettled`.
   * @throws EvtError `EVT_OVERLOADED`, `EVT_CLOSED` (nothing was stored), `EVT_INTERNAL` (a defect of the store).
   */
  async submit(records: readonly EventRecord[], signal?: AbortSignal): Promise<readonly InsertResult[]> {
    if (records.length === 0) return [];
    if (this.#closed) throw new EvtError("EVT_CLOSED", "this evt is closed; nothing was stored");
    const refusal = this.#options.breaker.refusal();
    if (refusal !== null) return records.map(() => ({ outcome: "unsettled", error: refusal }));
    const ticket = new Ticket(records);
    this.#admit(ticket);
    ticket.whenSettled(this.#watch(ticket, signal));
    this.#schedule();
    return ticket.settled;
  }

  /**
   * Returns the error with which a call would be refused now, or `null`. With a tenant id, the tenant's share of the queue
   * decides; without one, a full queue refuses.
   */
  refusal(tenantId?: string): EvtError | null {
    const refusal = this.#options.breaker.refusal();
    if (refusal !== null) return refusal;
    const { waitingRecords } = this.#options.limits;
    const { records } = this.#waiting;
    if (records < waitingRecords) return null;
    if (tenantId !== undefined && this.#hasRoom(tenantId, 1, 0)) return null;
    return this.#overloaded(tenantId ?? null);
  }

  /** Refuses new calls. Resolves when all accepted calls have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#idle()) return;
    await new Promise<void>((resolve) => this.#onDrained.push(resolve));
  }

  #admit(ticket: Ticket): void {
    const { waitingRecords, waitingChars } = this.#options.limits;
    // a call larger than the limit itself may wait alone; otherwise it could never run
    const full =
      !this.#waiting.isEmpty &&
      (this.#waiting.records + ticket.waiting > waitingRecords ||
        this.#waiting.chars + ticket.waitingChars > waitingChars);
    if (full && !this.#hasRoom(ticket.tenantId, ticket.waiting, ticket.waitingChars))
      throw this.#overloaded(ticket.tenantId);
    this.#waiting.add(ticket);
  }

  /** Whether a tenant has room for more in a queue that others have filled. */
  #hasRoom(tenantId: string | null, records: number, chars: number): boolean {
    const { waitingRecords, waitingChars } = this.#options.limits;
    const own = this.#waiting.of(tenantId);
    const [someRecords, someChars] = [waitingRecords * TENANT_SHARE, waitingChars * TENANT_SHARE];
    return (
      tenantId !== null &&
      own.records + records <= someRecords &&
      own.chars + chars <= someChars &&
      this.#waiting.records + records <= waitingRecords + someRecords &&
      this.#waiting.chars + chars <= waitingChars + someChars
    );
  }

  #overloaded(tenantId: string | null): EvtError {
    const { waitingRecords, waitingChars } = this.#options.limits;
    const own = tenantId === null ? "" : `, ${this.#waiting.of(tenantId).records} of them of this tenant`;
    const message = `${this.#waiting.records} events are waiting${own}; the limit is ${waitingRecords} events or ${waitingChars} characters. Nothing was stored: send again later`;
    return new EvtError("EVT_OVERLOADED", message);
  }

  /** Withdraws the ticket when its caller aborts or time is up. The returned function stops the watch. */
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

  /** Runs in a microtask, so that the calls of one turn of the event loop share an insert. */
  #schedule(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    queueMicrotask(() => {
      this.#pumping = false;
      this.#pump();
    });
  }

  /** @param patient - whether an insert that would not be full may wait for one in flight */
  #pump(patient = true): void {
    let mayWait = patient;
    this.#refuseWaiting();
    for (;;) {
      const inFlight = this.#order.next(mayWait);
      if (inFlight === null) break;
      mayWait = true;
      void this.#run(inFlight);
      this.#refuseWaiting();
    }
    this.#watchPatience();
  }

  /** Refuses waiting calls at once while the breaker is open. */
  #refuseWaiting(): void {
    const refusal = this.#waiting.isEmpty ? null : this.#options.breaker.refusal();
    if (refusal === null) return;
    for (const ticket of this.#waiting.tickets()) this.#withdraw(ticket, refusal);
  }

  /** Keeps one timer while waiting records could start an insert, otherwise none. */
  #watchPatience(): void {
    const { runtime } = this.#options;
    const waits = !this.#waiting.isEmpty && this.#slots.isFree;
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

  async #run(inFlight: InFlightBatch): Promise<void> {
    const { tenantId, batch, startedAt } = inFlight;
    const insert = new SlowWatch(this.#options, startedAt, () => this.#onSlow(inFlight, insert));
    insert.lane = this.#order.laneOf(inFlight);
    this.#slots.take(tenantId, insert.lane);
    let wasFast = false;
    try {
      const results = await this.#insert(batch.records, insert);
      settle(batch, results, insert.isGivenUp);
      if (insert.isGivenUp) inFlight.search?.add(inFlight);
      wasFast = !insert.wasSlow && results.some(({ outcome }) => outcome !== "unsettled");
    } catch (error) {
      for (const { ticket } of batch.parts) ticket.fail(error);
    } finally {
      insert.dispose();
      inFlight.search?.ended(wasFast);
      this.#slots.free(tenantId, insert.lane);
      this.#pump();
      this.#announceDrained();
    }
  }

  /** A slow insert of one tenant delays only its own records, so it is split later than a shared one. */
  #onSlow(inFlight: InFlightBatch, insert: SlowWatch): void {
    const { tenantId } = inFlight;
    if (insert.isGivenUp) return;
    if (tenantId !== null) {
      this.#setApart(tenantId, insert);
      if (inFlight.search === this.#shared) {
        // the slow tenant is found: the search for others need not wait for its records
        this.#shared.ended(false);
        inFlight.search = null;
      }
    }
    const search = tenantId === null ? this.#shared : this.#own;
    const isDue = tenantId === null || inFlight.search !== null || insert.isLong;
    if (isDue && (search.begins(inFlight) || this.#joinsSearch(inFlight))) insert.giveUp();
    this.#pump();
  }

  /** Whether a shared insert is split at once, because a tenant in it is known to be slow. */
  #joinsSearch(inFlight: InFlightBatch): boolean {
    const { tenantId, batch } = inFlight;
    if (tenantId !== null || !batch.parts.some(({ ticket }) => this.#slow.has(ticket.tenantId))) return false;
    this.#shared.joins(inFlight);
    return true;
  }

  #setApart(tenantId: string, insert: SlowWatch): void {
    this.#slow.note(tenantId);
    if (insert.lane === "slow" || !this.#slow.has(tenantId)) return;
    this.#slots.turnedSlow(insert.lane);
    insert.lane = "slow";
  }

  async #insert(records: readonly EventRecord[], insert: SlowWatch): Promise<readonly InsertResult[]> {
    const { store } = this.#options;
    const { signal } = insert;
    const insertSome = async (some: readonly EventRecord[]) => {
      const inserting = () => insert.watch(store.insert(some, { signal }));
      return checkedOutcomes(some, await withRetry(inserting, this.#options, signal));
    };
    const isolated = await isolate(records, insertSome);
    return isolated.map((each) => {
      if ("result" in each) return each.result;
      return { outcome: each.refused ? "refused" : "unsettled", error: each.error };
    });
  }

  #idle(): boolean {
    return this.#slots.inUse === 0 && this.#order.isEmpty;
  }

  #announceDrained(): void {
    if (!this.#idle()) return;
    for (const resolve of this.#onDrained.splice(0)) resolve();
  }
}

/** Settles the tickets of a batch. Unsettled records of an aborted insert stay open, because they are tried again. */
function settle({ parts }: Batch, results: readonly InsertResult[], isGivenUp: boolean): void {
  let at = 0;
  for (const { ticket, from, count } of parts) {
    const own: readonly (InsertResult | undefined)[] = results.slice(at, at + count);
    ticket.settle(
      from,
      isGivenUp ? own.map((result) => (result?.outcome === "unsettled" ? undefined : result)) : own,
    );
    at += count;
  }
}

function checkedOutcomes(
  records: readonly EventRecord[],
  outcomes: readonly InsertOutcome[],
): readonly InsertOutcome[] {
  if (outcomes.length === records.length) return outcomes;
  throw new EvtError(
    "EVT_INTERNAL",
    `the store returned ${outcomes.length} outcomes for ${records.length} records`,
  );
}
