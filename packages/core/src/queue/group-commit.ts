import { EvtError } from "../evt-error.js";
import { aborted, overdue } from "../runtime/deadline.js";
import type { EventRecord, Store } from "../store.js";
import { insertBatch } from "./insert-batch.js";
import { InsertOrder } from "./insert-order.js";
import type { InsertResult } from "./insert-result.js";
import { InsertSlots } from "./insert-slots.js";
import { Patience } from "./patience.js";
import type { QueueLimits } from "./queue-limits.js";
import { QueueRoom } from "./queue-room.js";
import type { RetryContext } from "./retry.js";
import { type InFlightBatch, SlowSearch } from "./slow-search.js";
import { SlowTenants } from "./slow-tenants.js";
import { SlowWatch } from "./slow-watch.js";
import { Ticket } from "./ticket.js";
import { type Batch, WaitingLine } from "./waiting-line.js";

export interface GroupCommitOptions extends RetryContext {
  readonly store: Store;
  readonly limits: QueueLimits;
  /** Time limit of one `submit` call, and also of one insert with its retries, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Lets concurrent calls share inserts. Records that arrive while an insert is in flight usually wait for the next
 * insert. There is no fixed delay: an idle queue inserts immediately, and a busy queue forms large batches. {@link
 * InsertOrder} decides whether another insert starts or waits.
 *
 * Slow records of one tenant should not delay other tenants. Tenants take turns. A slow insert can be aborted and
 * split. A tenant with slow inserts does not share inserts with other tenants.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #waiting: WaitingLine;
  readonly #room: QueueRoom;
  readonly #slots: InsertSlots;
  readonly #slow: SlowTenants;
  /** `shared` finds slow records in batches of several tenants, and `own` in batches of one tenant. */
  readonly #shared: SlowSearch;
  readonly #own: SlowSearch;
  readonly #order: InsertOrder;
  readonly #patience: Patience;
  #pumping = false;
  #closed = false;
  #onDrained: (() => void)[] = [];

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#waiting = new WaitingLine(options.limits);
    this.#room = new QueueRoom(this.#waiting, options.limits);
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
    this.#patience = new Patience(options.runtime, () => this.#pump(false));
  }

  /**
   * Inserts records. Result i belongs to record i. When the signal aborts or the time limit passes, waiting records are
   * removed from the queue, and records without a result get the result `unsettled`. While the breaker is open, all
   * records are `unsettled` immediately.
   * @throws EvtError `EVT_OVERLOADED` or `EVT_CLOSED`: nothing was stored. `EVT_INTERNAL` or `EVT_SCHEMA_OUTDATED`:
   * some records may be stored
   */
  async submit(records: readonly EventRecord[], signal?: AbortSignal): Promise<readonly InsertResult[]> {
    if (records.length === 0) return [];
    if (this.#closed) throw new EvtError("EVT_CLOSED", "this evt is closed; nothing was stored");
    const refusal = this.#options.breaker.refusal();
    if (refusal !== null) return records.map(() => ({ outcome: "unsettled", error: refusal }));
    const ticket = new Ticket(records);
    this.#room.check(ticket);
    this.#waiting.add(ticket);
    ticket.whenSettled(this.#watch(ticket, signal));
    this.#schedule();
    return ticket.settled;
  }

  /**
   * Returns the error that a new call would get now, or `null`. A full queue still accepts a tenant that has not used
   * its share.
   */
  refusal(tenantId?: string): EvtError | null {
    const refusal = this.#options.breaker.refusal();
    if (refusal !== null) return refusal;
    return this.#room.refusal(tenantId);
  }

  /** Refuses new calls. Resolves when no record waits and no insert is in flight. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#idle()) return;
    await new Promise<void>((resolve) => this.#onDrained.push(resolve));
  }

  /**
   * Removes the ticket from the queue when its caller aborts or its time limit passes. The returned function stops the
   * watch.
   */
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

  /** Starts the next inserts in a microtask, so that calls of the same turn of the event loop can share an insert. */
  #schedule(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    queueMicrotask(() => {
      this.#pumping = false;
      this.#pump();
    });
  }

  /**
   * Starts all inserts that may start now. @param patient - if `false`, the first insert does not wait for an insert in
   * flight
   */
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

  #refuseWaiting(): void {
    const refusal = this.#waiting.isEmpty ? null : this.#options.breaker.refusal();
    if (refusal === null) return;
    for (const ticket of this.#waiting.tickets()) this.#withdraw(ticket, refusal);
  }

  /** The timer runs exactly while records wait although a slot is free. */
  #watchPatience(): void {
    this.#patience.set(!this.#waiting.isEmpty && this.#slots.isFree);
  }

  async #run(inFlight: InFlightBatch): Promise<void> {
    const { tenantId, batch, startedAt } = inFlight;
    const insert = new SlowWatch(this.#options, startedAt, () => this.#onSlow(inFlight, insert));
    insert.lane = this.#order.laneOf(inFlight);
    this.#slots.take(tenantId, insert.lane);
    let wasFast = false;
    try {
      const results = await insertBatch(batch.records, insert, this.#options);
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

  /**
   * Handles a slow insert. An insert of one tenant delays only that tenant's records, so it is usually split later than a
   * shared insert.
   */
  #onSlow(inFlight: InFlightBatch, insert: SlowWatch): void {
    const { tenantId } = inFlight;
    if (insert.isGivenUp) return;
    if (tenantId !== null) {
      this.#setApart(tenantId, insert);
      if (inFlight.search === this.#shared) {
        // the slow tenant is now known, so the search for other slow tenants need not wait for its records
        this.#shared.ended(false);
        inFlight.search = null;
      }
    }
    const search = tenantId === null ? this.#shared : this.#own;
    const isDue = tenantId === null || inFlight.search !== null || insert.isLong;
    if (isDue && (search.begins(inFlight) || this.#joinsSearch(inFlight))) insert.giveUp();
    this.#pump();
  }

  /** Adds a shared insert to the search if one of its tenants is known to be slow. Returns whether it did. */
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

  #idle(): boolean {
    return this.#slots.inUse === 0 && this.#order.isEmpty;
  }

  #announceDrained(): void {
    if (!this.#idle()) return;
    for (const resolve of this.#onDrained.splice(0)) resolve();
  }
}

/**
 * Gives each ticket of a batch its results. Unsettled records of an aborted insert remain open, because they are tried
 * again.
 */
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
