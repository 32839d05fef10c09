import { type EvtErrorCode, isEvtError } from "../../src/evt-error.js";
import type { Outcome } from "../../src/outcome.js";
import type { SenderPlan, SentEvent } from "./plan.js";
import { type CallOfCore, PARK_TIMEOUT_MS, TIMEOUT_MS, type World } from "./world.js";

const MOST_ATTEMPTS = 250;

/** Errors of a call after which everything is sent again. */
const EXPECTED: readonly EvtErrorCode[] = [
  "EVT_STORE_UNAVAILABLE",
  "EVT_STORE_CONTENDED",
  "EVT_DEADLINE",
  "EVT_OVERLOADED",
  "EVT_CLOSED",
  "EVT_INTERNAL",
  "EVT_ABORTED",
];

/** Sends its events until each has a result, as senders must. */
export class Sender {
  readonly plan: SenderPlan;
  readonly name: string;
  readonly events: readonly SentEvent[];
  /** Whether every event has a result. `false` for a sender that gave up. */
  told = false;
  readonly #world: World;

  constructor(plan: SenderPlan, name: string, world: World) {
    this.plan = plan;
    this.name = name;
    this.#world = world;
    // its own contents, so that the expected events of a batch can be counted
    const own = plan.batchKey && plan.mode === "many";
    this.events = own ? plan.events.map((event) => batched(event, name)) : plan.events;
  }

  get batchKey(): string | undefined {
    return this.plan.batchKey && this.plan.mode === "many" ? this.name : undefined;
  }

  async run(): Promise<void> {
    const world = this.#world;
    await world.takesTurn(this.plan.startMs, `${this.name} starts`);
    let open = this.events;
    for (let attempt = 1; ; attempt++) {
      open = await this.#send(open, attempt === 1 ? this.#patience() : undefined);
      if (open.length === 0) break;
      if (attempt === 1 && this.plan.abortMs !== null && !this.plan.returns) return;
      world.check(attempt < MOST_ATTEMPTS, `${this.name} is never told`);
      if (world.violation !== null) return;
      await world.takesTurn(this.plan.pauseMs, `${this.name} sends again`);
    }
    this.told = true;
  }

  /** The events that are left to send. */
  async #send(events: readonly SentEvent[], signal: AbortSignal | undefined): Promise<readonly SentEvent[]> {
    const { mode } = this.plan;
    if (mode === "stream") return this.#stream(events, signal);
    if (mode === "many") return this.#many(events, signal);
    const left = await Promise.all(events.map((event) => this.#one(event, signal)));
    return left.flat();
  }

  async #one(event: SentEvent, signal: AbortSignal | undefined): Promise<readonly SentEvent[]> {
    const { tenantId } = this.plan;
    const outcome = await this.#timed(1, (evt) =>
      evt.tenant(tenantId).ingest(event, { ...(signal && { signal }) }),
    );
    if (outcome === null) return [event];
    this.#world.answers.answers(outcome.result, event, tenantId);
    this.#ownedIsProcessed(outcome.call, [outcome.result]);
    return [];
  }

  async #many(events: readonly SentEvent[], signal: AbortSignal | undefined): Promise<readonly SentEvent[]> {
    const { tenantId } = this.plan;
    const { batchKey } = this;
    const options = { ...(signal && { signal }), ...(batchKey && { idempotencyKey: batchKey }) };
    const answer = await this.#timed(events.length, (evt) =>
      evt.tenant(tenantId).ingestMany(events, options),
    );
    if (answer === null) return events;
    const { outcomes } = answer.result;
    this.#world.check(outcomes.length === events.length, "not one outcome for each event");
    for (const [i, outcome] of outcomes.entries())
      this.#world.answers.answers(outcome, events[i] as SentEvent, tenantId);
    this.#ownedIsProcessed(answer.call, outcomes);
    const failed = events.filter((_, i) => outcomes[i]?.outcome === "failed");
    // twins of a batch differ by their order, so the whole batch is sent again
    return batchKey === undefined || failed.length === 0 ? failed : events;
  }

  async #stream(
    events: readonly SentEvent[],
    signal: AbortSignal | undefined,
  ): Promise<readonly SentEvent[]> {
    try {
      const stream = this.#world.evt
        .tenant(this.plan.tenantId)
        .ingestStream(events, { ...(signal && { signal }) });
      const report = await stream;
      this.#world.check(report.events === events.length, "a stream left events out");
      return [];
    } catch (error) {
      this.#expect(error);
      return events;
    }
  }

  /** I7: every call returns within its time limit. */
  async #timed<T>(events: number, work: Parameters<typeof World.prototype.calls<T>>[1]) {
    const world = this.#world;
    const startedAt = world.time.now();
    try {
      return await world.calls(events, work);
    } catch (error) {
      this.#expect(error);
      return null;
    } finally {
      const tookMs = world.time.now() - startedAt;
      world.check(tookMs <= TIMEOUT_MS + PARK_TIMEOUT_MS, `a call was answered after ${tookMs} ms`);
    }
  }

  /**
   * A call reports its own row as `processed`: if it reported `duplicate`, no sender would know that it counted the
   * event.
   */
  #ownedIsProcessed(call: CallOfCore, outcomes: readonly Outcome[]): void {
    const { rows } = this.#world.model;
    const owned = rows.filter(({ receiptId, lapsesAt }) => lapsesAt === null && call.receipts.has(receiptId));
    const told = outcomes.filter(({ outcome }) => outcome === "processed" || outcome === "failed");
    this.#world.check(owned.length <= told.length, "an event of this call was told duplicate");
    for (const outcome of outcomes) {
      if (outcome.outcome !== "processed") continue;
      const row = rows.find(({ id, tenantId }) => id === outcome.id && tenantId === this.plan.tenantId);
      this.#world.check(
        row !== undefined && call.receipts.has(row.receiptId),
        "processed is reported for another sender's event",
      );
    }
  }

  #patience(): AbortSignal | undefined {
    const { abortMs } = this.plan;
    if (abortMs === null) return undefined;
    const controller = new AbortController();
    this.#world.time.after(abortMs, () => controller.abort());
    return controller.signal;
  }

  #expect(error: unknown): void {
    const expected = isEvtError(error) && EXPECTED.includes(error.code);
    this.#world.note(`${this.name} is told ${isEvtError(error) ? error.code : String(error)}`);
    this.#world.check(expected, `${this.name} is told ${String(error)}`);
  }
}

function batched({ idempotencyKey: _key, metric, ...event }: SentEvent, name: string): SentEvent {
  return { ...event, metric: metric === "poison" ? metric : name };
}
