import { describe, expect, it } from "vitest";
import type { PreparedEvent } from "../../src/calls.js";
import { createEvt } from "../../src/create-evt.js";
import { EvtError, isEvtError } from "../../src/evt-error.js";
import type { EvtOptions } from "../../src/evt-options.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";
import { failsAfter, failsBefore, hangs, refusing, ScriptedStore } from "../scripted-store.js";

function start(options: Partial<EvtOptions> = {}) {
  const store = new ScriptedStore();
  const runtime = new FakeRuntime();
  const evt = createEvt({ store, runtime, ...options });
  return { store, runtime, evt, events: evt.tenant("acme") };
}

/** The event as it is read back from an outbox. */
const kept = (events: readonly PreparedEvent[]) => JSON.parse(JSON.stringify(events)) as PreparedEvent[];

const sale = { client: "shop", metric: "sale", amount: "12.50", timestamp: "2026-01-01" };
const unavailable = new EvtError("EVT_STORE_UNAVAILABLE", "down");

describe("ingestPrepared", () => {
  it("counts prepared events", async () => {
    const { evt, events } = start();
    const prepared = kept(events.prepare([sale, { client: "shop", amount: 1 }]));
    const report = await evt.ingestPrepared(prepared);
    expect(report).toMatchObject({ processed: 2, duplicates: 0, failed: 0 });
    expect(report.outcomes[0]).toMatchObject({ event: { rawJson: JSON.stringify(sale) } });
    expect(await events.aggregate()).toMatchObject({ rows: [{ count: 2, sum: "13.5" }] });
  });

  it("counts an event once that is passed in several times, and reports it as processed each time", async () => {
    const { evt, events } = start();
    const prepared = kept(events.prepare([sale, { client: "shop", amount: 1 }, { ...sale, eventId: "k" }]));
    for (let time = 0; time < 3; time++)
      expect(await evt.ingestPrepared(prepared)).toMatchObject({ processed: 3, duplicates: 0 });
    expect(await events.aggregate()).toMatchObject({ rows: [{ count: 3 }] });
  });

  it("reports an event as duplicate that another sender has sent", async () => {
    const { evt, events } = start();
    const prepared = kept(events.prepare([sale]));
    await events.ingest(sale);
    expect(await evt.ingestPrepared(prepared)).toMatchObject({ processed: 0, duplicates: 1 });
  });

  it("accepts events of several tenants, and calls onOutcome with the tenant of each", async () => {
    const told: string[] = [];
    const { evt } = start({ onOutcome: ({ outcome }, tenantId) => void told.push(`${tenantId} ${outcome}`) });
    const prepared = ["a", "b"].flatMap((id) => evt.tenant(id).prepare([sale]));
    expect(await evt.ingestPrepared(kept(prepared))).toMatchObject({ processed: 2 });
    expect(told).toEqual(["a processed", "b processed"]);
    expect(await evt.tenant("b").aggregate()).toMatchObject({ rows: [{ count: 1 }] });
  });

  it("parks a conflict as ingest does, with the same id and message", async () => {
    const { evt, events } = start();
    await events.ingest({ ...sale, eventId: "k" });
    const other = { ...sale, eventId: "k", amount: 2 };
    const { outcomes } = await evt.ingestPrepared(kept(events.prepare([other])));
    const ingested = await events.ingest(other);
    expect(outcomes[0]).toMatchObject({
      outcome: "conflict",
      issues: [{ code: "amount_differs", path: "amount" }],
    });
    expect(ingested).toMatchObject({ issues: (outcomes[0] as typeof ingested & { issues: unknown }).issues });
    expect((await events.list({ status: "conflict" })).entries).toMatchObject([{ attempts: 2 }]);
  });

  it.each([
    ["a dotted path", "data"],
    ["a function", (raw: unknown) => (raw as { readonly data?: readonly unknown[] }).data],
  ] as const)(
    "marks a parked event of an envelope, so that a replay does not unwrap it, by %s",
    async (_, unwrap) => {
      const { evt, events } = start({ mapping: { unwrap } });
      const part = { ...sale, eventId: "k", data: [{ ...sale, amount: 3 }] };
      await events.ingestMany([{ data: [{ ...part, amount: 7 }] }]);
      const { outcomes } = await evt.ingestPrepared(kept(events.prepare([{ data: [part] }])));
      expect(outcomes).toMatchObject([{ outcome: "conflict", parked: { givenKey: { unwrapped: true } } }]);
      const { entries } = await events.list({ status: "conflict" });
      const { results } = await events.replay(entries.map(({ id }) => id));
      expect(results).toMatchObject([{ outcome: "conflict" }]);
      expect(await events.aggregate()).toMatchObject({ rows: [{ count: 1, sum: "7" }] });
    },
  );

  it("parks a conflict with all that ingest parks", async () => {
    const { evt, events } = start({
      mapping: { unwrap: "data", identical: "ordinal", sameContent: "conflict" },
    });
    const twins = [1, 2].map((n) => ({ ...sale, n }));
    const call = [{ data: twins }];
    await events.ingestMany([{ data: twins.map((twin) => ({ ...twin, n: 3 })) }]);
    for (const options of [{}, { idempotencyKey: "b" }]) {
      if ("idempotencyKey" in options)
        await events.ingestMany([{ data: twins.map((twin) => ({ ...twin, n: 3 })) }], options);
      const { outcomes } = await evt.ingestPrepared(kept(events.prepare(call, options)));
      const ingested = await events.ingestMany(call, options);
      const parkedOf = (each: unknown) =>
        (each as { readonly parked: { readonly givenKey: unknown } }).parked.givenKey;
      expect(outcomes.map(parkedOf)).toEqual(ingested.outcomes.map(parkedOf));
    }
  });

  it("parks a record that the store refuses as rejected, and counts the others", async () => {
    const refused = new EvtError("EVT_RECORD_REFUSED", "too long");
    const store = refusing(new ScriptedStore(), ({ metric }) => metric === "bad", refused);
    const { evt, events } = start({ store });
    const prepared = kept(events.prepare([sale, { ...sale, metric: "bad" }, { ...sale, amount: 2 }]));
    expect(await evt.ingestPrepared(prepared)).toMatchObject({ processed: 2, rejected: 1 });
    expect((await events.list({ status: "rejected" })).entries).toMatchObject([{ metric: "bad" }]);
  });

  it("parks no failed event: the caller still has it", async () => {
    const { evt, store, events } = start({ retry: { attempts: 1 } });
    store.script.push(failsBefore(unavailable));
    const prepared = kept(events.prepare([sale]));
    const report = await evt.ingestPrepared(prepared);
    expect(report).toMatchObject({ failed: 1, outcomes: [{ outcome: "failed", kept: false }] });
    expect((await events.list()).entries).toEqual([]);
    expect(await evt.ingestPrepared(prepared)).toMatchObject({ processed: 1 });
  });

  it("fails a conflict that could not be parked, so that it is passed in again", async () => {
    const { evt, store, events } = start({ retry: { attempts: 1 } });
    await events.ingest({ ...sale, eventId: "k" });
    const prepared = kept(events.prepare([{ ...sale, eventId: "k", amount: 2 }]));
    const park = store.park.bind(store);
    store.park = () => Promise.reject(unavailable);
    expect(await evt.ingestPrepared(prepared)).toMatchObject({ failed: 1, conflicts: 0 });
    store.park = park;
    expect(await evt.ingestPrepared(prepared)).toMatchObject({ failed: 0, conflicts: 1 });
  });

  it("finds its own row after a lost response", async () => {
    const { evt, store, events } = start({ retry: { attempts: 1 } });
    store.script.push(failsAfter(unavailable));
    const prepared = kept(events.prepare([{ client: "shop", amount: 1 }]));
    expect(await evt.ingestPrepared(prepared)).toMatchObject({ failed: 1 });
    expect(await evt.ingestPrepared(prepared)).toMatchObject({ processed: 1 });
    expect(await events.aggregate()).toMatchObject({ rows: [{ count: 1 }] });
  });

  it("ends when its signal aborts", async () => {
    const { evt, store, events } = start();
    store.script.push(hangs());
    const controller = new AbortController();
    const ingesting = evt.ingestPrepared(kept(events.prepare([sale])), controller);
    controller.abort();
    const error = await ingesting.catch((reason: unknown) => reason);
    expect(isEvtError(error, "EVT_ABORTED")).toBe(true);
    await expect(evt.ingestPrepared([], { signal: controller.signal })).rejects.toThrow("the caller aborted");
  });

  it("refuses an argument that is not an array, unknown options, and calls after close", async () => {
    const { evt, events } = start();
    const prepared = events.prepare([sale]);
    await expect(evt.ingestPrepared(prepared[0] as never)).rejects.toThrow(
      "takes an array of prepared events",
    );
    await expect(evt.ingestPrepared(prepared, { clientId: "c" } as never)).rejects.toThrow("no option");
    await evt.close();
    await expect(evt.ingestPrepared(prepared)).rejects.toThrow("this evt is closed");
  });
});
