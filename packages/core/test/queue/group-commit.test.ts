import { describe, expect, it } from "vitest";
import { EvtError } from "../../src/evt-error.js";
import { Breaker, type BreakerOptions, DEFAULT_BREAKER } from "../../src/queue/breaker.js";
import { GroupCommit } from "../../src/queue/group-commit.js";
import { DEFAULT_QUEUE, type QueueLimits } from "../../src/queue/queue-limits.js";
import { DEFAULT_RETRY } from "../../src/queue/retry.js";
import type { EventRecord } from "../../src/store.js";
import { FakeRuntime, settle } from "../../src/testing/fake-runtime.js";
import { eventRecord } from "../event-record.js";
import { failsBefore, gate, hangs, ScriptedStore, waitsFor } from "../scripted-store.js";

const unavailable = new EvtError("EVT_STORE_UNAVAILABLE", "down");

const SENSITIVE: BreakerOptions = { ...DEFAULT_BREAKER, failures: 1, afterMs: 500 };

function queueOver(
  store: ScriptedStore,
  limits: Partial<QueueLimits> = {},
  runtime = new FakeRuntime(),
  breaker = DEFAULT_BREAKER,
) {
  return new GroupCommit({
    store,
    limits: { ...DEFAULT_QUEUE, ...limits },
    retry: DEFAULT_RETRY,
    runtime,
    breaker: new Breaker(breaker, runtime),
    timeoutMs: 1_000,
  });
}

const records = (count: number, prefix = "r"): EventRecord[] =>
  Array.from({ length: count }, (_, i) => eventRecord({ metric: `${prefix}${i}` }));

const sizes = (store: ScriptedStore) => store.inserts.map((insert) => insert.length);

describe("group commit", () => {
  it("lets the calls of one turn share an insert", async () => {
    const store = new ScriptedStore();
    const queue = queueOver(store);
    const results = await Promise.all([queue.submit(records(2, "a")), queue.submit(records(1, "b"))]);
    expect(sizes(store)).toEqual([3]);
    expect(results.map((each) => each.length)).toEqual([2, 1]);
  });

  it("gives an insert its full time if the clock jumps before it begins", async () => {
    for (const jump of [86_400_000, -86_400_000]) {
      const runtime = new FakeRuntime();
      const now = runtime.now();
      const times = [now, now + jump];
      runtime.now = () => times.shift() ?? now + jump;
      const store = new ScriptedStore();
      const { opened, open } = gate();
      store.script.push(waitsFor(opened));
      const submitted = queueOver(store, {}, runtime).submit(records(1));
      await settle();
      await runtime.advance(100);
      open();
      expect(await submitted).toMatchObject([{ outcome: "inserted" }]);
    }
  });

  it("sends records that arrive during an insert with the next one", async () => {
    const store = new ScriptedStore();
    const { opened, open } = gate();
    store.script.push(waitsFor(opened));
    const queue = queueOver(store);
    const first = queue.submit(records(1, "a"));
    await settle();
    const later = [queue.submit(records(1, "b")), queue.submit(records(2, "c"))];
    await settle();
    expect(sizes(store)).toEqual([1]);
    open();
    await Promise.all([first, ...later]);
    expect(sizes(store)).toEqual([1, 3]);
  });

  it("starts a second insert concurrently only if it would be full, and never more than allowed", async () => {
    const store = new ScriptedStore();
    const { opened, open } = gate();
    for (let i = 0; i < 9; i++) store.script.push(waitsFor(opened));
    const queue = queueOver(store, { batchRecords: 10, batchesInFlight: 3 });
    const calls = [queue.submit(records(100))];
    await settle();
    expect(sizes(store)).toEqual([10, 10, 10]);
    open();
    await Promise.all(calls);
    expect(sizes(store)).toEqual(Array(10).fill(10));
  });

  it("does not let calls wait long for an insert that hangs: the next one starts", async () => {
    const store = new ScriptedStore();
    const runtime = new FakeRuntime();
    store.script.push(hangs(), hangs());
    const queue = queueOver(store, { batchesInFlight: 3 }, runtime);
    const first = queue.submit(records(1, "a"));
    await settle();
    const second = [queue.submit(records(1, "b")), queue.submit(records(1, "c"))];
    await settle();
    await runtime.advance(49);
    expect(sizes(store)).toEqual([1]);
    await runtime.advance(1);
    expect(sizes(store)).toEqual([1, 2]);
    const third = queue.submit(records(1, "d"));
    await settle();
    await runtime.advance(50);
    expect(await third).toEqual([{ outcome: "inserted" }]);
    await runtime.advance(1_000);
    const results = (await Promise.all([first, ...second])).flat();
    expect(results.map(({ outcome }) => outcome)).toEqual(Array(3).fill("unsettled"));
    expect(runtime.pending).toBe(0);
  });

  it("returns results in the order of records, even over several inserts", async () => {
    const store = new ScriptedStore();
    const queue = queueOver(store, { batchRecords: 7 });
    const taken = records(3, "x");
    await queue.submit(taken);
    const mixed = records(20, "y").flatMap((record, i) =>
      i % 7 === 0 ? [record, { ...taken[i / 7], receiptId: record.receiptId } as EventRecord] : [record],
    );
    const results = await queue.submit(mixed);
    expect(results.map((result) => result.outcome)).toEqual(
      mixed.map((record) => (record.metric.startsWith("x") ? "taken" : "inserted")),
    );
  });

  it("limits the size of an insert, and sends one large record alone", async () => {
    const store = new ScriptedStore();
    const queue = queueOver(store, { batchChars: 1_000, batchesInFlight: 1 });
    const large = eventRecord({ metric: "large", rawJson: JSON.stringify("x".repeat(5_000)) });
    await queue.submit([...records(2, "a"), large, ...records(2, "b")]);
    expect(sizes(store)).toEqual([2, 1, 2]);
  });

  it("does not let a large call delay small ones", async () => {
    const store = new ScriptedStore();
    const { opened, open } = gate();
    store.script.push(waitsFor(opened));
    const queue = queueOver(store, { batchesInFlight: 1 });
    const done: string[] = [];
    const first = queue.submit(records(1, "first"));
    await settle();
    const large = queue.submit(records(5_000, "large")).then(() => done.push("large"));
    const small = queue.submit(records(1, "small")).then(() => done.push("small"));
    open();
    await Promise.all([first, large, small]);
    expect(done).toEqual(["small", "large"]);
  });

  it("refuses immediately if it is full, and accepts again when there is room", async () => {
    const store = new ScriptedStore();
    const { opened, open } = gate();
    store.script.push(waitsFor(opened));
    const queue = queueOver(store, { waitingRecords: 10 });
    const first = queue.submit(records(1, "a"));
    await settle();
    const waiting = queue.submit(records(10, "b"));
    await expect(queue.submit(records(1, "c"))).rejects.toMatchObject({
      code: "EVT_OVERLOADED",
      message: expect.stringContaining("limit is 10"),
    });
    open();
    await Promise.all([first, waiting]);
    expect(await queue.submit(records(1, "c"))).toEqual([{ outcome: "inserted" }]);
    expect(sizes(store)).toEqual([1, 10, 1]);
  });

  it("also limits the size of waiting records", async () => {
    const store = new ScriptedStore();
    const { opened, open } = gate();
    store.script.push(waitsFor(opened));
    const queue = queueOver(store, { waitingChars: 2_000 });
    const first = queue.submit(records(1, "a"));
    await settle();
    const waiting = queue.submit([eventRecord({ rawJson: JSON.stringify("x".repeat(1_500)) })]);
    await expect(queue.submit(records(1, "c"))).rejects.toMatchObject({ code: "EVT_OVERLOADED" });
    open();
    await Promise.all([first, waiting]);
  });

  it("accepts a call larger than the limit if no other call waits", async () => {
    const store = new ScriptedStore();
    const results = await queueOver(store, { waitingRecords: 10 }).submit(records(50));
    expect(results).toHaveLength(50);
  });

  it("withdraws the waiting records of a caller that aborts, and no others", async () => {
    const store = new ScriptedStore();
    const { opened, open } = gate();
    store.script.push(waitsFor(opened));
    const queue = queueOver(store);
    const first = queue.submit(records(1, "a"));
    await settle();
    const caller = new AbortController();
    const leaving = queue.submit(records(1, "b"), caller.signal);
    const staying = queue.submit(records(1, "c"));
    caller.abort("gone");
    const error = { code: "EVT_ABORTED", cause: "gone" };
    expect(await leaving).toMatchObject([{ outcome: "unsettled", error }]);
    open();
    expect(await staying).toEqual([{ outcome: "inserted" }]);
    await first;
    expect(store.inserts.flat().map((record) => record.metric)).toEqual(["a0", "c0"]);
  });

  it("rejects an aborted call immediately during an insert, while the other records are counted", async () => {
    const store = new ScriptedStore();
    const { opened, open } = gate();
    store.script.push(waitsFor(opened));
    const queue = queueOver(store);
    const caller = new AbortController();
    const leaving = queue.submit(records(1, "a"), caller.signal);
    const staying = queue.submit(records(1, "b"));
    await settle();
    caller.abort("gone");
    expect(await leaving).toMatchObject([{ outcome: "unsettled" }]);
    open();
    expect(await staying).toEqual([{ outcome: "inserted" }]);
  });

  it("withdraws a waiting call after its timeout", async () => {
    const store = new ScriptedStore();
    store.script.push(hangs());
    const runtime = new FakeRuntime();
    const queue = queueOver(store, { batchesInFlight: 1 }, runtime);
    const calls = [queue.submit(records(1, "a"))];
    await settle();
    calls.push(queue.submit(records(1, "b")));
    await runtime.advance(1_000);
    const overdue = { outcome: "unsettled", error: { code: "EVT_DEADLINE" } };
    expect((await Promise.all(calls)).flat()).toMatchObject([overdue, overdue]);
    expect(await queue.submit(records(1, "c"))).toEqual([{ outcome: "inserted" }]);
    expect(store.inserts.flat().map((record) => record.metric)).toEqual(["a0", "c0"]);
    expect(runtime.pending).toBe(0);
  });

  it("aborts an insert that hangs, and starts the next one", async () => {
    const store = new ScriptedStore();
    store.script.push(hangs());
    const runtime = new FakeRuntime();
    const queue = queueOver(store, {}, runtime);
    const lost = queue.submit(records(1, "a"));
    await settle();
    const next = queue.submit(records(1, "b"));
    await settle();
    await runtime.advance(50);
    expect(await next).toEqual([{ outcome: "inserted" }]);
    await runtime.advance(1_000);
    expect(await lost).toMatchObject([{ outcome: "unsettled", error: { code: "EVT_DEADLINE" } }]);
    expect(runtime.pending).toBe(0);
  });

  it("retries a transient failure, and reports it after the last try", async () => {
    const store = new ScriptedStore();
    store.script.push(failsBefore(unavailable), failsBefore(unavailable));
    expect(await queueOver(store).submit(records(1, "a"))).toEqual([{ outcome: "inserted" }]);
    for (let i = 0; i < DEFAULT_RETRY.attempts; i++) store.script.push(failsBefore(unavailable));
    expect(await queueOver(store).submit(records(1, "b"))).toEqual([
      { outcome: "unsettled", error: unavailable },
    ]);
    expect(store.inserts).toHaveLength(3 + DEFAULT_RETRY.attempts);
  });

  it("rejects the calls of an insert with a defect, and continues", async () => {
    const store = new ScriptedStore();
    const defect = new RangeError("a bug");
    store.script.push(failsBefore(defect), () => async () => []);
    const queue = queueOver(store);
    await expect(queue.submit(records(1, "a"))).rejects.toMatchObject({
      code: "EVT_INTERNAL",
      cause: defect,
    });
    await expect(queue.submit(records(1, "a"))).rejects.toMatchObject({
      code: "EVT_INTERNAL",
      message: expect.stringContaining("0 outcomes for 1 records"),
    });
    expect(await queue.submit(records(1, "b"))).toEqual([{ outcome: "inserted" }]);
  });

  it("finishes accepted calls on close, and refuses later ones", async () => {
    const store = new ScriptedStore();
    const { opened, open } = gate();
    store.script.push(waitsFor(opened));
    const queue = queueOver(store);
    const calls = [queue.submit(records(1, "a"))];
    await settle();
    calls.push(queue.submit(records(2, "b")));
    let closed = false;
    const closing = queue.close().then(() => {
      closed = true;
    });
    await expect(queue.submit(records(1, "c"))).rejects.toMatchObject({ code: "EVT_CLOSED" });
    await settle();
    expect(closed).toBe(false);
    open();
    await closing;
    expect((await Promise.all(calls)).flat()).toEqual(Array(3).fill({ outcome: "inserted" }));
  });

  it("closes when the last waiting call has been aborted", async () => {
    const store = new ScriptedStore();
    const queue = queueOver(store, { batchesInFlight: 1 });
    await queue.close();
    await expect(queueOver(store).close()).resolves.toBeUndefined();
  });

  it("refuses waiting and new calls immediately while the store is down, and continues when it works again", async () => {
    const store = new ScriptedStore();
    const runtime = new FakeRuntime();
    const { opened, open } = gate();
    store.script.push(() => async () => {
      await opened;
      throw unavailable;
    });
    const queue = queueOver(store, { batchesInFlight: 1 }, runtime, SENSITIVE);
    const tried = queue.submit(records(1, "a"));
    await settle();
    const waited = queue.submit(records(1, "b"));
    await runtime.advance(500);
    open();
    expect(await tried).toEqual([{ outcome: "unsettled", error: unavailable }]);
    const turnedAway = [{ outcome: "unsettled", error: { code: "EVT_STORE_UNAVAILABLE" } }];
    expect(await waited).toMatchObject(turnedAway);
    expect(await queue.submit(records(1, "c"))).toMatchObject(turnedAway);
    expect(sizes(store)).toEqual([1]);
    expect(runtime.pending).toBe(0);
    await runtime.advance(250);
    expect(await queue.submit(records(1, "d"))).toEqual([{ outcome: "inserted" }]);
    expect(await queue.submit(records(1, "e"))).toEqual([{ outcome: "inserted" }]);
  });

  it("sends one insert as the probe, no matter how many calls wait", async () => {
    const store = new ScriptedStore();
    const runtime = new FakeRuntime();
    store.script.push(() => async () => {
      await runtime.advance(500);
      throw unavailable;
    });
    const queue = queueOver(store, { batchRecords: 1, batchesInFlight: 4 }, runtime, SENSITIVE);
    await queue.submit(records(1, "a"));
    await runtime.advance(250);
    store.script.push(failsBefore(unavailable));
    const results = await Promise.all(["b", "c", "d"].map((name) => queue.submit(records(1, name))));
    expect(results.flat().map(({ outcome }) => outcome)).toEqual(Array(3).fill("unsettled"));
    expect(sizes(store)).toEqual([1, 1]);
  });
});

describe("refusal", () => {
  it("returns the error with which a call would be refused, or null", async () => {
    const store = new ScriptedStore();
    const runtime = new FakeRuntime();
    const { opened, open } = gate();
    store.script.push(waitsFor(opened));
    const queue = queueOver(store, { batchRecords: 1, batchesInFlight: 1, waitingRecords: 2 }, runtime);
    expect(queue.refusal()).toBeNull();
    const calls = [queue.submit(records(1, "a"))];
    await settle();
    calls.push(queue.submit(records(2, "b")));
    expect(queue.refusal()).toMatchObject({ code: "EVT_OVERLOADED" });
    open();
    await Promise.all(calls);
    expect(queue.refusal()).toBeNull();
  });
});
