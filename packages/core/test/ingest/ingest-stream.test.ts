import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import { EvtError, isEvtError } from "../../src/evt-error.js";
import type { EvtOptions } from "../../src/evt-options.js";
import type { StreamReport } from "../../src/outcome.js";
import { FakeRuntime, settle } from "../../src/testing/fake-runtime.js";
import { failsBefore, gate, hangs, ScriptedStore, waitsFor } from "../scripted-store.js";

const unavailable = new EvtError("EVT_STORE_UNAVAILABLE", "down");

function start(options: Partial<EvtOptions> = {}) {
  const store = new ScriptedStore();
  const runtime = new FakeRuntime();
  const limits = { batchRecords: 10, batchesInFlight: 2, ...options.limits };
  const evt = createEvt({ store, runtime, ...options, limits });
  return { store, runtime, evt, events: evt.tenant("acme") };
}

const event = (n: number) => ({ client: "a", amount: 1, eventId: `k${n}` });

/** Records how far it was read, and whether it was closed. */
function source(count: number) {
  const state = { read: 0, returned: false };
  async function* generate() {
    try {
      for (; state.read < count; ) yield event(state.read++);
    } finally {
      state.returned = true;
    }
  }
  return { state, events: generate() };
}

describe("ingestStream", () => {
  it("counts every event once, in inserts of limited size, and returns counts", async () => {
    const { store, events } = start();
    const raws = [
      ...Array.from({ length: 35 }, (_, n) => event(n)),
      event(3),
      { ...event(4), amount: 2 },
      {},
    ];
    expect(await events.ingestStream(raws)).toEqual({
      events: 38,
      processed: 35,
      duplicates: 1,
      conflicts: 1,
      rejected: 1,
      possibleTwins: 0,
    });
    expect(Math.max(...store.inserts.map((insert) => insert.length))).toBe(10);
    expect((await events.aggregate()).rows).toMatchObject([{ count: 35, sum: "35" }]);
  });

  it("accepts synchronous, asynchronous and empty sources", async () => {
    const { events } = start();
    expect(await events.ingestStream(source(25).events)).toMatchObject({ processed: 25 });
    expect(await events.ingestStream(new Set([event(1), event(30)]))).toMatchObject({
      events: 2,
      duplicates: 1,
    });
    expect(await events.ingestStream([])).toMatchObject({ events: 0 });
  });

  it("reads only as fast as events become durable", async () => {
    const { store, events } = start();
    const { opened, open } = gate();
    for (let n = 0; n < 2; n++) store.script.push(waitsFor(opened));
    const { state, events: raws } = source(1_000);
    const streaming = events.ingestStream(raws);
    for (let n = 0; n < 200; n++) await setImmediate();
    expect(state.read).toBe(20);
    open();
    expect(await streaming).toMatchObject({ processed: 1_000 });
  });

  it("limits the size of the raw events in memory", async () => {
    const { store, events } = start({ limits: { batchChars: 2_000, batchRecords: 100 } });
    const raws = Array.from({ length: 20 }, (_, n) => ({ ...event(n), note: "x".repeat(900) }));
    expect(await events.ingestStream(raws)).toMatchObject({ processed: 20 });
    expect(Math.max(...store.inserts.map((insert) => insert.length))).toBeLessThanOrEqual(3);
  });

  it("calls onProgress after each insert, and ignores its errors", async () => {
    const { events } = start();
    const seen: StreamReport[] = [];
    const onProgress = (report: StreamReport) => {
      seen.push(report);
      throw new Error("the listener's own");
    };
    const report = await events.ingestStream(source(25).events, { onProgress });
    expect(seen.map((each) => each.events)).toEqual([10, 20, 25]);
    expect(seen.at(-1)).toEqual(report);
  });

  it("is resumed by sending it again: counted events are duplicates", async () => {
    const { store, events } = start({ retry: { attempts: 1 }, limits: { batchesInFlight: 1 } });
    store.script.push((insert) => insert, failsBefore(unavailable));
    const { state, events: raws } = source(1_000);
    const error = await events.ingestStream(raws).catch((reason: unknown) => reason);
    expect(isEvtError(error, "EVT_STORE_UNAVAILABLE")).toBe(true);
    expect(String(error)).toContain("the stream stopped after 10 events: down. Send it again");
    expect(state.read).toBeLessThan(100);
    expect(state.returned).toBe(true);
    expect(await events.ingestStream(source(1_000).events)).toMatchObject({ processed: 990, duplicates: 10 });
  });

  it("rethrows an error of the source, after the inserts in flight have ended", async () => {
    const { store, events } = start();
    const { opened, open } = gate();
    store.script.push(waitsFor(opened));
    let ended = false;
    async function* broken() {
      for (let n = 0; n < 15; n++) yield event(n);
      throw new Error("the file is cut off");
    }
    const streaming = events.ingestStream(broken()).finally(() => {
      ended = true;
    });
    streaming.catch(() => undefined);
    await settle();
    expect(ended).toBe(false);
    open();
    await expect(streaming).rejects.toThrow("the file is cut off");
    expect((await events.aggregate()).rows).toMatchObject([{ count: 10 }]);
  });

  it("waits if others have filled the queue, and does not fail", async () => {
    const { store, runtime, events } = start({ limits: { waitingRecords: 10, batchesInFlight: 1 } });
    const { opened, open } = gate();
    store.script.push(waitsFor(opened));
    const others: Promise<unknown>[] = [];
    for (const n of [1, 2]) {
      others.push(events.ingestMany(Array.from({ length: 10 }, (_, i) => event(1_000 * n + i))));
      await settle();
    }
    const streaming = events.ingestStream(source(10).events);
    await settle();
    open();
    await Promise.all(others);
    await runtime.advance(50);
    expect(await streaming).toMatchObject({ processed: 10 });
  });

  it("ends when the caller aborts, even while the source or the store hangs", async () => {
    for (const hanging of ["source", "store"]) {
      const { store, events } = start();
      const giveUp = new AbortController();
      async function* silent() {
        yield event(1);
        await new Promise(() => undefined);
      }
      if (hanging === "store") store.script.push(hangs(), hangs());
      const raws = hanging === "source" ? silent() : source(1_000).events;
      const streaming = events.ingestStream(raws, { signal: giveUp.signal });
      streaming.catch(() => undefined);
      await settle();
      giveUp.abort();
      await expect(streaming).rejects.toMatchObject({ code: "EVT_ABORTED" });
    }
  });

  it("uses the vouched client and the mapping of the call", async () => {
    const { events } = start({ mappings: { clicks: { defaults: { amount: "1" } } } });
    const options = { clientId: "web", mapping: "clicks" };
    expect(await events.ingestStream([{ ts: 1_704_067_200 }], options)).toMatchObject({ processed: 1 });
    expect((await events.aggregate({ groupBy: ["clientId"] })).rows).toMatchObject([{ clientId: "web" }]);
  });

  it("refuses an argument that is not iterable, and wrong options", async () => {
    const { events, evt } = start();
    await expect(events.ingestStream("abc" as never)).rejects.toThrow("takes an iterable of events");
    await expect(events.ingestStream({} as never)).rejects.toThrow("takes an iterable of events");
    await expect(events.ingestStream([], { onProgres: () => 1 } as never)).rejects.toThrow(
      'did you mean "onProgress"?',
    );
    await expect(events.ingestStream([], { onProgress: 1 as never })).rejects.toThrow(
      "onProgress is 1; it must be a function",
    );
    await expect(events.ingestStream([], { mapping: "none" })).rejects.toThrow('no mapping "none"');
    await expect(events.ingestStream([], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "EVT_ABORTED",
    });
    await evt.close();
    await expect(events.ingestStream([event(1)])).rejects.toMatchObject({ code: "EVT_CLOSED" });
  });
});
