import { EvtError } from "../evt-error.js";
import { aborted, overdue } from "../runtime/deadline.js";
import type { EventRecord, InsertOutcome, Store } from "../store.js";
import { InsertOrder } from "./insert-order.js";
import type { InsertResult } from "./insert-result.js";
import { InsertSlots } from "./insert-slots.js";
import { isolate } from "./isolate.js";
import { type RetryContext, withRetry } from "./retry.js";
import { type Flight, SlowSearch } from "./slow-search.js";
import { SlowTenants } from "./slow-tenants.js";
import { SlowWatch } from "./slow-watch.js";
import { Ticket } from "./ticket.js";
import { type Batch, type BatchLimits, WaitingLine } from "./waiting-line.js";

/** Bounds of what is under way and of what waits. */
export interface QueueLimits extends BatchLimits {
  /**
   * Inserts under way at once. One more may begin for a tenant that has none while those of other tenants take up all.
   * Tenants whose inserts were slow within the last minute have at most half while others wait. @defaultValue 6
   */
  readonly batchesInFlight: number;
  /**
   * Records waiting, past which calls are refused with `EVT_OVERLOADED`. Tenants with less than a quarter of it are
   * refused later, once a quarter more waits: one tenant cannot take the room of all. @defaultValue 20_000
   */
  readonly waitingRecords: number;
  /** Raw text waiting, in characters, likewise. @defaultValue 67_108_864 */
  readonly waitingChars: number;
}

/** The part of the line that each tenant has room for, whatever others have waiting. */
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
  /** The time of one call, and of one insert with its retries. */
  readonly timeoutMs: number;
}

/** How long calls wait for an insert under way to end. One that takes longer hangs, or tries again and again: it is no reason for others to wait. */
const PATIENCE_MS = 50;

/**
 * Lets concurrent calls share inserts: what arrives while one is under way goes with the next. No timer, so no delay
 * when idle, and large batches under load. A further insert starts beside one under way only when it would be full, or
 * when that one takes long.
 *
 * A tenant's slow records do not keep those of others waiting: tenants take turns, an insert that is slow is given up and
 * split, and a tenant whose inserts are slow shares none with others.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #waiting: WaitingLine;
  readonly #slots: InsertSlots;
  readonly #slow: SlowTenants;
  /** In batches of several tenants, and in those of one. */
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
   * Result i answers record i. When the signal fires or time is up, what is not settled yet is `unsettled`; what waits is
   * withdrawn.
   * @throws EvtError `EVT_OVERLOADED`, `EVT_CLOSED` (nothing was stored), `EVT_INTERNAL` (a defect of the store).
   */
  async submit(records: readonly EventRecord[], signal?: AbortSignal): Promise<readonly InsertResult[]> {
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

  /**
   * Why a call would be turned away now; `null` where it would be tried. With a tenant, what it has waiting decides, too;
   * without, a full line turns away all.
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
    if (full && !this.#hasRoom(ticket.tenantId, ticket.waiting, ticket.waitingChars))
      throw this.#overloaded(ticket.tenantId);
    this.#waiting.add(ticket);
  }

  /** Whether a tenant has room for more in a line that others have filled. */
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
    let mayWait = patient;
    this.#turnAway();
    for (;;) {
      const flight = this.#order.next(mayWait);
      if (flight === null) break;
      mayWait = true;
      void this.#run(flight);
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

  async #run(flight: Flight): Promise<void> {
    const { tenantId, batch, startedAt } = flight;
    const insert = new SlowWatch(this.#options, startedAt, () => this.#onSlow(flight, insert));
    insert.lane = this.#order.laneOf(flight);
    this.#slots.take(tenantId, insert.lane);
    let wasFast = false;
    try {
      const results = await this.#insert(batch.records, insert);
      settle(batch, results, insert.isGivenUp);
      if (insert.isGivenUp) flight.search?.add(flight);
      wasFast = !insert.wasSlow && results.some(({ outcome }) => outcome !== "unsettled");
    } catch (error) {
      for (const { ticket } of batch.parts) ticket.fail(error);
    } finally {
      insert.dispose();
      flight.search?.ended(wasFast);
      this.#slots.free(tenantId, insert.lane);
      this.#pump();
      this.#announceDrained();
    }
  }

  /** A tenant's own slow insert harms its own records only, which may take longer before they are split. */
  #onSlow(flight: Flight, insert: SlowWatch): void {
    const { tenantId } = flight;
    if (insert.isGivenUp) return;
    if (tenantId !== null) {
      this.#setApart(tenantId, insert);
      if (flight.search === this.#shared) {
        // the tenant is found: whatever is slow of it keeps no search for others waiting
        this.#shared.ended(false);
        flight.search = null;
      }
    }
    const search = tenantId === null ? this.#shared : this.#own;
    const isDue = tenantId === null || flight.search !== null || insert.isLong;
    if (isDue && (search.begins(flight) || this.#joinsSearch(flight))) insert.giveUp();
    this.#pump();
  }

  /** Whether a shared insert is split at once: a tenant in it is known to be slow, so the others in it need not wait. */
  #joinsSearch(flight: Flight): boolean {
    const { tenantId, batch } = flight;
    if (tenantId !== null || !batch.parts.some(({ ticket }) => this.#slow.has(ticket.tenantId))) return false;
    this.#shared.joins(flight);
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
      return answersFor(some, await withRetry(inserting, this.#options, signal));
    };
    const isolated = await isolate(records, insertSome);
    return isolated.map((each) => {
      if ("answer" in each) return each.answer;
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

/** Of an insert that is given up, what is not settled is tried again. */
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
