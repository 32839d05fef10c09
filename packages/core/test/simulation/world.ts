import { createEvt } from "../../src/create-evt.js";
import type { Evt } from "../../src/evt.js";
import type { EventRecord } from "../../src/store.js";
import { fc } from "../properties.js";
import { Answers } from "./answers.js";
import { BreakerWatch } from "./breaker-watch.js";
import { FaultyStore } from "./faulty-store.js";
import { ModelStore } from "./model-store.js";
import type { CallPlan, Plan } from "./plan.js";
import { VirtualTime } from "./virtual-time.js";

export const TIMEOUT_MS = 1_000;
export const PARK_TIMEOUT_MS = 300;
export const WINDOW_MS = 1_000;
const BREAKER = { afterMs: 200, failures: 3, pauseMs: 50, maxPauseMs: 200 };
const LIMITS = {
  batchRecords: 4,
  batchesInFlight: 2,
  waitingRecords: 8,
  batchChars: 1_800,
  waitingChars: 20_000,
};
const WORKS: CallPlan = { does: "works", delayMs: 0, answerMs: 0 };
const DOWN: CallPlan = { does: "fails", delayMs: 0, contended: false };

/** One call of core: the receipts that it drew, and how many of its records wait for their first insert. */
export interface CallOfCore {
  readonly receipts: Set<string>;
  readonly startedAt: number;
  waiting: number;
}

/** Everything around core: the store and its truth, time, randomness, order, and what was observed. */
export class World {
  readonly limits = LIMITS;
  readonly breaker = BREAKER;
  readonly model = new ModelStore();
  readonly answers = new Answers(this);
  readonly time: VirtualTime;
  /** Chooses what continues next. */
  readonly scheduler: fc.Scheduler;
  /** The trace of the run. Equal for equal plans. */
  readonly trace: string[] = [];
  /** The evt that senders use now. */
  evt: Evt;
  breakersOpened = 0;
  healed = false;
  largestCall = 0;
  readonly #plan: Plan;
  readonly #script: CallPlan[];
  readonly #watches: BreakerWatch[] = [];
  readonly #owners = new Map<string, CallOfCore>();
  readonly #calls = new Map<CallOfCore, Evt>();
  #caller: CallOfCore | null = null;
  #storeCalls = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#script = [...plan.script];
    this.time = new VirtualTime(plan.seed);
    this.scheduler = schedulerOf(plan.seed);
    this.time.onReceipt = (receiptId) => this.#drawn(receiptId);
    this.evt = this.newEvt();
  }

  newEvt(): Evt {
    const watch = new BreakerWatch(BREAKER);
    this.#watches.push(watch);
    const { now, random, setTimeout, clearTimeout, receiptId } = this.time;
    return createEvt({
      store: new FaultyStore(this, watch),
      mapping: { windowMs: WINDOW_MS },
      timeoutMs: TIMEOUT_MS,
      parkTimeoutMs: PARK_TIMEOUT_MS,
      retry: { attempts: 4, baseMs: 20, capMs: 150 },
      breaker: BREAKER,
      limits: LIMITS,
      runtime: { now, random, setTimeout, clearTimeout, receiptId },
      onOutcome: (outcome, tenantId) => this.answers.announced(outcome, tenantId),
    });
  }

  check(holds: boolean, violated: string): void {
    if (holds) return;
    this.violation ??= new Error(`${violated}\n${this.trace.slice(-40).join("\n")}`);
  }
  violation: Error | null = null;

  note(what: string): void {
    this.trace.push(`${this.time.now() - this.time.start} ${what}`);
  }

  /** Waits for `ms`, then for its turn. */
  async takesTurn(ms: number, name: string): Promise<void> {
    if (ms > 0) await this.time.sleep(ms);
    await this.scheduler.schedule(Promise.resolve(), name);
    this.note(name);
  }

  nextCall(): CallPlan {
    this.#storeCalls++;
    const { outage } = this.#plan;
    const at = this.time.now() - this.time.start;
    if (!this.healed && outage !== null && at >= outage.fromMs && at < outage.fromMs + outage.forMs)
      return DOWN;
    return this.#script.shift() ?? WORKS;
  }

  get storeCalls(): number {
    return this.#storeCalls;
  }

  /** From now on, everything works. */
  heal(): void {
    this.healed = true;
    this.#script.length = 0;
  }

  /** Runs one call of core, which draws its receipts at once. */
  async calls<T>(events: number, work: (evt: Evt) => Promise<T>): Promise<{ call: CallOfCore; result: T }> {
    const call: CallOfCore = { receipts: new Set(), startedAt: this.time.now(), waiting: 0 };
    this.largestCall = Math.max(this.largestCall, events);
    this.#caller = call;
    const working = work(this.evt);
    this.#caller = null;
    this.#calls.set(call, this.evt);
    try {
      return { call, result: await working };
    } finally {
      this.#calls.delete(call);
    }
  }

  taken(records: readonly EventRecord[]): void {
    for (const { receiptId } of records) {
      const owner = this.#owners.get(receiptId);
      if (this.#owners.delete(receiptId) && owner !== undefined) owner.waiting--;
    }
  }

  /** Checks between two steps what must hold at any time. */
  step(): void {
    for (const watch of this.#watches) {
      const probes = watch.step(this.time.now());
      this.check(probes <= 1, `${probes} calls probe a store that is down`);
    }
    for (const evt of new Set(this.#calls.values())) {
      let waiting = 0;
      for (const [call, its] of this.#calls) if (its === evt && this.#mayWait(call)) waiting += call.waiting;
      const most = Math.max(LIMITS.waitingRecords * 1.25, this.largestCall);
      this.check(waiting <= most, `${waiting} records wait; ${most} may`);
    }
    this.breakersOpened = this.#watches.reduce((sum, { opened }) => sum + opened, 0);
  }

  /** A call whose time is up has left the queue, and may still be parking. */
  #mayWait({ startedAt }: CallOfCore): boolean {
    return this.time.now() - startedAt < TIMEOUT_MS;
  }

  #drawn(receiptId: string): void {
    if (this.#caller === null) return;
    this.#caller.receipts.add(receiptId);
    this.#caller.waiting++;
    this.#owners.set(receiptId, this.#caller);
  }
}

/**
 * Created from the seed of the plan, and not drawn with it: copies of a fast-check scheduler share its randomness, so that
 * a plan would run differently after shrinking.
 */
function schedulerOf(seed: number): fc.Scheduler {
  return fc.sample(fc.scheduler(), { seed, numRuns: 1 })[0] as fc.Scheduler;
}
