import { describe, expect, it } from "vitest";
import { EvtError } from "../../src/evt-error.js";
import { Breaker, DEFAULT_BREAKER } from "../../src/queue/breaker.js";
import { GroupCommit } from "../../src/queue/group-commit.js";
import type { InsertResult } from "../../src/queue/insert-result.js";
import { DEFAULT_QUEUE, type QueueLimits } from "../../src/queue/queue-limits.js";
import { DEFAULT_RETRY } from "../../src/queue/retry.js";
import type { EventRecord, InsertOutcome, StoreCall } from "../../src/store.js";
import { FakeRuntime, settle } from "../../src/testing/fake-runtime.js";
import { eventRecord } from "../event-record.js";
import { fc, test } from "../properties.js";
import { ScriptedStore } from "../scripted-store.js";

const TIMEOUT_MS = 10_000;

/** Takes `takesMs` for an insert. An insert with a record of the metric `slow` ends only when it is aborted. */
class SlowStore extends ScriptedStore {
  readonly #runtime: FakeRuntime;
  takesMs = 1;
  /** Whether a slow insert takes effect, and only its response is lost. */
  landsLate = false;
  underWay = 0;
  mostUnderWay = 0;

  constructor(runtime: FakeRuntime) {
    super();
    this.#runtime = runtime;
  }

  override async insert(records: readonly EventRecord[], call: StoreCall): Promise<readonly InsertOutcome[]> {
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
    try {
      if (records.some(({ metric }) => metric === "slow")) {
        this.inserts.push(records);
        await new Promise<void>((resolve) => call.signal.addEventListener("abort", () => resolve()));
        if (this.landsLate) await super.insert(records, { signal: new AbortController().signal });
        throw new EvtError("EVT_STORE_UNAVAILABLE", "the call ended before the store answered");
      }
      if (this.takesMs > 0)
        await new Promise<void>((resolve) => this.#runtime.setTimeout(resolve, this.takesMs));
      return await super.insert(records, call);
    } finally {
      this.underWay--;
    }
  }
}

function start(limits: Partial<QueueLimits> = {}) {
  const runtime = new FakeRuntime();
  const store = new SlowStore(runtime);
  const queue = new GroupCommit({
    store,
    limits: { ...DEFAULT_QUEUE, ...limits },
    retry: DEFAULT_RETRY,
    runtime,
    breaker: new Breaker(DEFAULT_BREAKER, runtime, () => Promise.resolve()),
    timeoutMs: TIMEOUT_MS,
  });
  let n = 0;
  const record = (tenantId: string, metric = "fast") =>
    eventRecord({
      tenantId,
      metric,
      identity: (++n).toString(16).padStart(64, "0"),
      receiptId: runtime.receiptId(),
    });
  /** Submits a call, and measures how long it takes. */
  const call = (records: readonly EventRecord[]) => {
    const startedAt = runtime.now();
    const one: { results?: readonly InsertResult[]; ms?: number } = {};
    void queue.submit(records).then((results) => {
      one.results = results;
      one.ms = runtime.now() - startedAt;
    });
    return one;
  };
  const pass = async (ms: number, stepMs = 10) => {
    for (let passed = 0; passed < ms; passed += stepMs) await runtime.advance(stepMs);
  };
  return { runtime, store, queue, record, call, pass };
}

const outcomes = (call: { readonly results?: readonly InsertResult[] }) =>
  call.results?.map((result) => (result.outcome === "unsettled" ? result.error.code : result.outcome));

describe("a record that is slow", () => {
  it("in a shared insert fails alone: records of other tenants are counted in time", async () => {
    const { record, call, pass, runtime } = start();
    const slow = call([record("evil", "slow")]);
    const others = ["a", "b", "c"].map((tenant) => call([record(tenant)]));
    await pass(1_000);
    for (const other of others) {
      expect(outcomes(other)).toEqual(["inserted"]);
      expect(other.ms).toBeLessThan(400);
    }
    expect(slow.results).toBeUndefined();
    await pass(TIMEOUT_MS);
    expect(outcomes(slow)).toEqual(["EVT_DEADLINE"]);
    expect(runtime.pending).toBe(0);
  });

  it("fails alone within its own call, too", async () => {
    const { record, call, pass } = start();
    const records = Array.from({ length: 100 }, (_, i) => record("evil", i === 70 ? "slow" : "fast"));
    const own = call(records);
    await pass(TIMEOUT_MS + 10);
    expect(outcomes(own)).toEqual(
      records.map(({ metric }) => (metric === "slow" ? "EVT_DEADLINE" : "inserted")),
    );
  });

  it("whose insert took effect after all is recognized as its own", async () => {
    const { record, call, pass, store } = start();
    store.landsLate = true;
    const calls = [call([record("evil", "slow")]), call([record("a")])];
    await pass(1_000);
    const [result] = calls[1]?.results ?? [];
    const own = store.inserts[0]?.find(({ tenantId }) => tenantId === "a");
    expect(result).toMatchObject({ outcome: "taken", claim: { receiptId: own?.receiptId } });
  });

  it("does not separate twins, of which the first decides", async () => {
    const { record, call, pass } = start();
    const first = record("evil");
    const rest = Array.from({ length: 30 }, () => record("evil"));
    const twin = { ...first, receiptId: "f".repeat(32) };
    const own = call([first, ...rest, record("evil", "slow"), twin]);
    await pass(TIMEOUT_MS + 10);
    expect(own.results?.[0]).toEqual({ outcome: "inserted" });
    expect(own.results?.at(-1)).toMatchObject({ outcome: "taken", claim: { receiptId: first.receiptId } });
  });
});

describe("a tenant whose inserts are slow", () => {
  it("shares no insert with others from then on", async () => {
    const { record, call, pass, store } = start();
    call([record("evil", "slow")]);
    call([record("a")]);
    await pass(500);
    store.inserts.length = 0;
    const later = [call([record("evil", "slow")]), call([record("a")]), call([record("b")])];
    await pass(500);
    expect(later.slice(1).map(outcomes)).toEqual([["inserted"], ["inserted"]]);
    for (const { ms } of later.slice(1)) expect(ms).toBeLessThanOrEqual(20);
    for (const records of store.inserts)
      expect(new Set(records.map(({ tenantId }) => tenantId === "evil")).size).toBe(1);
  });

  it("leaves an insert for other tenants, even if it uses all inserts", async () => {
    const { record, call, pass, store } = start({ batchRecords: 1, batchesInFlight: 3 });
    for (let n = 0; n < 20; n++) call([record("evil", "slow")]);
    await pass(100);
    expect(store.underWay).toBe(3);
    for (let n = 0; n < 50; n++) {
      const other = call([record("a")]);
      await pass(30);
      expect(outcomes(other)).toEqual(["inserted"]);
    }
    expect(store.mostUnderWay).toBeLessThanOrEqual(4);
  });

  it("gets half of the inserts while others wait", async () => {
    const { record, call, pass, store } = start({ batchRecords: 1, batchesInFlight: 4 });
    for (let n = 0; n < 20; n++) call([record("evil", "slow")]);
    await pass(TIMEOUT_MS - 200, 50);
    for (let n = 0; n < 20; n++) call([record("evil", "slow")]);
    for (let n = 0; n < 300; n++) call([record("a")]);
    await pass(600);
    expect(store.underWay).toBeGreaterThan(0);
    const slow = store.inserts.slice(-40).filter((records) => records[0]?.metric === "slow");
    expect(slow.length).toBeLessThanOrEqual(2);
  });

  it("is treated like others again one minute after its last slow insert", async () => {
    const { record, call, pass, store, runtime } = start();
    call([record("evil", "slow")]);
    await pass(TIMEOUT_MS + 20, 20);
    await runtime.advance(60_000);
    store.inserts.length = 0;
    call([record("evil")]);
    call([record("a")]);
    await pass(50);
    expect(store.inserts.map((records) => records.length)).toEqual([2]);
  });
});

describe("a tenant with many waiting records", () => {
  it("shares no insert with others, whose inserts do not wait for it", async () => {
    const { record, call, pass, store } = start();
    store.takesMs = 200;
    call(Array.from({ length: 60 }, () => record("busy")));
    call([record("a")]);
    call([record("b")]);
    await settle();
    expect(store.inserts.map((records) => records.length)).toEqual([]);
    expect(store.underWay).toBe(2);
    await pass(220);
    expect(store.inserts.map((records) => records.length).sort()).toEqual([2, 60]);
  });
});

describe("a store that is slow as a whole", () => {
  it("gets little extra work: one batch is split, once", async () => {
    const { record, call, pass, store } = start({ batchRecords: 100 });
    store.takesMs = 2_000;
    const calls = Array.from({ length: 600 }, (_, n) => call([record(`t${n % 20}`)]));
    await pass(TIMEOUT_MS);
    expect(calls.map(outcomes)).toEqual(calls.map(() => ["inserted"]));
    // six batches, the parts of one of them, and the parts that were aborted again
    expect(store.inserts.length).toBeLessThanOrEqual(6 + 8 + 8);
  });
});

describe("the waiting line", () => {
  it("has room for others if one tenant fills it, and names the limit in its refusal", async () => {
    const { record, queue, call, pass } = start({ batchRecords: 1, batchesInFlight: 1, waitingRecords: 40 });
    call([record("evil", "slow")]);
    await settle();
    for (let n = 0; n < 40; n++) call([record("evil", "slow")]);
    const refused = {
      code: "EVT_OVERLOADED",
      message: expect.stringContaining("40 of them from this tenant"),
    };
    await expect(queue.submit([record("evil")])).rejects.toMatchObject(refused);
    expect(queue.refusal("evil")).toMatchObject(refused);
    expect(queue.refusal()).toMatchObject({ code: "EVT_OVERLOADED" });
    expect(queue.refusal("a")).toBeNull();
    const others = Array.from({ length: 10 }, () => call([record("a")]));
    await expect(queue.submit([record("a")])).rejects.toMatchObject({ code: "EVT_OVERLOADED" });
    await pass(200);
    expect(others.map(outcomes)).toEqual(others.map(() => ["inserted"]));
  });

  it("alternates between tenants, no matter how many calls each has", async () => {
    const { record, call, pass, store } = start({ batchRecords: 10, batchesInFlight: 1 });
    call([record("first")]);
    await settle();
    for (let n = 0; n < 100; n++) call([record("busy")]);
    const quiet = [call([record("quiet")]), call([record("quiet")])];
    await pass(20);
    const next = store.inserts.slice(1, 3).flat();
    expect(next.filter(({ tenantId }) => tenantId === "quiet")).toHaveLength(2);
    await pass(200);
    expect(quiet.map(outcomes)).toEqual([["inserted"], ["inserted"]]);
  });
});

describe("two shared inserts that are slow at once", () => {
  it("delay no other tenant once the slow one is known", async () => {
    const { record, call, pass } = start({ batchRecords: 2, batchesInFlight: 2 });
    const fast = [call([record("fast"), record("fast"), record("fast")])];
    call([record("bad", "slow")]);
    fast.push(call([record("fast")]));
    call([record("bad", "slow")]);
    await pass(1_000);
    expect(fast.map(outcomes)).toEqual([["inserted", "inserted", "inserted"], ["inserted"]]);
  });
});

describe("any mixture of slow records", () => {
  const calls = fc.array(
    fc.record({
      atMs: fc.integer({ min: 0, max: 1_000 }),
      tenantId: fc.constantFrom("a", "b", "c", "d"),
      records: fc.integer({ min: 1, max: 12 }),
    }),
    { minLength: 1, maxLength: 25 },
  );
  test.prop([calls, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 4 })], { numRuns: 200 })(
    "no record of another tenant misses its deadline, and no timer or record remains",
    async (plan, batchRecords, batchesInFlight) => {
      const { record, call, pass, runtime, queue } = start({ batchRecords, batchesInFlight });
      const done: { readonly tenantId: string; readonly one: ReturnType<typeof call> }[] = [];
      for (const { atMs, tenantId, records } of plan)
        runtime.setTimeout(() => {
          const some = Array.from({ length: records }, () =>
            record(tenantId, tenantId === "d" ? "slow" : "fast"),
          );
          done.push({ tenantId, one: call(some) });
        }, atMs);
      await pass(3_000, 20);
      await pass(2 * TIMEOUT_MS, 200);
      for (const { tenantId, one } of done) {
        expect(new Set(outcomes(one))).toEqual(new Set([tenantId === "d" ? "EVT_DEADLINE" : "inserted"]));
        if (tenantId !== "d") expect(one.ms).toBeLessThan(2_000);
      }
      await queue.close();
      expect(runtime.pending).toBe(0);
    },
  );
});
