import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import { EvtError } from "../../src/evt-error.js";
import type { EvtOptions } from "../../src/evt-options.js";
import type { Outcome, Rejected } from "../../src/outcome.js";
import type { Store } from "../../src/store.js";
import { failing } from "../../src/testing/failing-store.js";
import { FakeRuntime, settle } from "../../src/testing/fake-runtime.js";
import { failsAfter, failsBefore, gate, hangs, refusing, ScriptedStore } from "../scripted-store.js";

const purchase = {
  source: "client_A",
  payload: { metric: "purchase", amount: "1200", timestamp: "2024/01/01" },
};
const unavailable = new EvtError("EVT_STORE_UNAVAILABLE", "down", { cause: new Error("ECONNREFUSED") });

function start(options: Partial<EvtOptions> = {}) {
  const store = new ScriptedStore();
  const runtime = new FakeRuntime();
  const evt = createEvt({ store, runtime, ...options });
  return { store, runtime, evt, events: evt.tenant("acme") };
}

const names = (outcomes: readonly Outcome[]) => outcomes.map((each) => each.outcome);

describe("a part of a stream", () => {
  it.each(["ordinal", "reject"] as const)(
    "fails and stores nothing if an event has no key, and its mapping has `identical: %s`",
    async (identical) => {
      const { events, store } = start({ mapping: { identical } });
      const keyed = { ...purchase, idempotencyKey: "k" };
      await expect(events.ingestMany([keyed, purchase], { partial: true })).rejects.toMatchObject({
        code: "EVT_INVALID_EVENT",
      });
      expect(store.inserts).toEqual([]);
      expect((await events.ingestMany([keyed], { partial: true })).processed).toBe(1);
    },
  );

  it("needs no keys if its mapping merges equal events", async () => {
    const { events } = start();
    const report = await events.ingestMany([purchase, purchase], { partial: true });
    expect(report).toMatchObject({ processed: 1, duplicates: 1 });
  });
});

describe("ingest", () => {
  it("counts an event once, and returns the stored event for a resend", async () => {
    const { events } = start();
    const first = await events.ingest(purchase);
    const again = await events.ingest(structuredClone(purchase));
    expect(first).toMatchObject({
      outcome: "processed",
      identifiedBy: "content",
      id: "ef29d2238525593310b4d941951f9fb6f21d440bbfe2f21e52683f13c244eb04",
    });
    expect(again).toEqual({ ...first, outcome: "duplicate" });
    expect(await events.aggregate()).toMatchObject({ rows: [{ count: 1, sum: "1200" }] });
  });

  it("recognizes the same event in another shape", async () => {
    const { events } = start();
    await events.ingest(purchase);
    const flat = { client_id: " client_A ", event_type: "purchase", value: 1.2e3, ts: 1_704_067_200 };
    expect(await events.ingest(flat)).toMatchObject({
      outcome: "duplicate",
      event: { rawJson: JSON.stringify(purchase) },
    });
  });

  it("separates tenants, both events and keys", async () => {
    const { evt } = start();
    const keyed = { ...purchase, eventId: "k" };
    for (const tenant of ["a", "b"]) {
      expect(names((await evt.tenant(tenant).ingestMany([purchase, keyed])).outcomes)).toEqual([
        "processed",
        "processed",
      ]);
    }
  });

  it("parks a conflict, and shows both events", async () => {
    const { events } = start();
    const first = await events.ingest({
      client: "a",
      eventId: "k",
      amount: 1,
      metric: "m",
      ts: "2024-01-01",
    });
    const second = await events.ingest({
      client: "a",
      eventId: "k",
      amount: 2,
      metric: "n",
      ts: "2024-01-02",
    });
    expect(second).toMatchObject({
      outcome: "conflict",
      id: first.id,
      event: { amount: "1" },
      parked: { status: "conflict", amount: "2", conflictsWith: first.id },
      issues: [
        { code: "metric_differs" },
        { code: "amount_differs", path: "amount" },
        { code: "timestamp_differs", path: "ts" },
      ],
    });
    expect(await events.aggregate()).toMatchObject({ rows: [{ count: 1, sum: "1" }] });
    expect((await events.list({ status: "conflict" })).entries).toHaveLength(1);
  });

  it("distinguishes a duplicate from a conflict by the content, in any order", async () => {
    const { events, runtime } = start();
    const raw = { client: "a", eventId: "k", amount: 1 };
    await events.ingest(raw);
    await runtime.advance(2_000);
    expect(await events.ingest(raw)).toMatchObject({ outcome: "duplicate" });
    await runtime.advance(86_400_000);
    expect(await events.ingest(raw)).toMatchObject({ outcome: "duplicate" });
  });

  it("reports twins in one call as processed, then duplicate", async () => {
    const { events } = start();
    const [k1, k2] = [
      { client: "a", eventId: "k1", amount: 1 },
      { client: "a", eventId: "k2", amount: 1 },
    ];
    expect(names((await events.ingestMany([k1, k1, k2])).outcomes)).toEqual([
      "processed",
      "duplicate",
      "processed",
    ]);
  });

  it("parks a rejected event, and leaves its key free", async () => {
    const { events } = start();
    const broken = { client: "a", eventId: "k", amount: "12abc", ts: "2024-01-01" };
    const rejected = await events.ingest(broken);
    expect(rejected).toMatchObject({
      outcome: "rejected",
      issues: [{ code: "amount_not_a_number", path: "amount" }],
    });
    expect(await events.get(rejected.id)).toMatchObject({
      status: "rejected",
      clientId: "a",
      amount: null,
      rawJson: JSON.stringify(broken),
      attempts: 1,
    });
    await events.ingest(broken);
    expect(await events.get(rejected.id)).toMatchObject({ attempts: 2 });
    expect(await events.ingest({ ...broken, amount: 12 })).toMatchObject({ outcome: "processed" });
  });

  it("returns outcome i for event i, in any mixture", async () => {
    const { events } = start();
    await events.ingest(purchase);
    const keyed = { client: "a", eventId: "k", amount: 1, ts: "2024-01-01" };
    const report = await events.ingestMany([
      {},
      purchase,
      keyed,
      5,
      { ...keyed, amount: 2 },
      { ...keyed, eventId: "l" },
    ]);
    expect(names(report.outcomes)).toEqual([
      "rejected",
      "duplicate",
      "processed",
      "rejected",
      "conflict",
      "processed",
    ]);
    expect(report).toMatchObject({ processed: 2, duplicates: 1, conflicts: 1, rejected: 2, failed: 0 });
  });

  it("accepts an empty batch", async () => {
    const { events, store } = start();
    expect(await events.ingestMany([])).toEqual({
      outcomes: [],
      processed: 0,
      duplicates: 0,
      conflicts: 0,
      rejected: 0,
      possibleTwins: 0,
      failed: 0,
    });
    expect(store.inserts).toEqual([]);
  });
});

describe("an event without key and time", () => {
  const click = { client: "a", metric: "click", amount: 1 };

  it("is a duplicate within the window, and counted again after it", async () => {
    const { events, runtime } = start();
    expect(await events.ingest(click)).toMatchObject({ outcome: "processed", identifiedBy: "window" });
    await runtime.advance(299_999);
    expect(await events.ingest(click)).toMatchObject({ outcome: "duplicate" });
    await runtime.advance(1);
    const second = await events.ingest(click);
    expect(second).toMatchObject({ outcome: "processed", event: { timestamp: "2026-03-01T12:05:00.000Z" } });
    await runtime.advance(86_400_000);
    await events.ingest(click);
    expect(await events.aggregate()).toMatchObject({ rows: [{ count: 3 }] });
  });

  it("is counted once across any boundary of the clock", async () => {
    for (const start_ of [
      "2026-03-01T12:04:59.999Z",
      "2026-03-01T23:59:59.999Z",
      "2026-12-31T23:59:59.999Z",
    ]) {
      const runtime = new FakeRuntime({ start: start_ });
      const { events } = start({ runtime });
      await events.ingest(click);
      await runtime.advance(1);
      expect(await events.ingest(click)).toMatchObject({ outcome: "duplicate" });
    }
  });

  it("is counted once by two servers whose clocks differ by a second", async () => {
    const store = new ScriptedStore();
    const servers = ["2026-03-01T12:00:00.000Z", "2026-03-01T12:00:01.000Z"].map((now) =>
      createEvt({ store, runtime: { now: () => Date.parse(now) } }),
    );
    const outcomes = await Promise.all(servers.map((evt) => evt.tenant("acme").ingest(click)));
    expect(names(outcomes).sort()).toEqual(["duplicate", "processed"]);
  });

  it("is treated as `unstamped` of the mapping says", async () => {
    const short = start({ mapping: { windowMs: 10 } });
    await short.events.ingest(click);
    await short.runtime.advance(10);
    expect(await short.events.ingest(click)).toMatchObject({ outcome: "processed" });
    expect(await start({ mapping: { unstamped: "reject" } }).events.ingest(click)).toMatchObject({
      issues: [{ code: "timestamp_missing" }],
    });
    const each = start({ mapping: { unstamped: "count-each" } }).events;
    expect(names([await each.ingest(click), await each.ingest(click)])).toEqual(["processed", "processed"]);
    expect(await each.aggregate()).toMatchObject({ rows: [{ count: 2 }] });
  });
});

describe("a key that the caller passes", () => {
  const a = { client: "a", amount: 1, ts: "2024-01-01" };
  const b = { client: "a", amount: 2, ts: "2024-01-01" };

  it("is the key of a single event without one", async () => {
    const { events } = start();
    expect(await events.ingest(a, { idempotencyKey: "k" })).toMatchObject({
      identifiedBy: "key",
      event: { idempotencyKey: "k" },
    });
    expect(await events.ingest(a, { idempotencyKey: "k" })).toMatchObject({ outcome: "duplicate" });
    expect(await events.ingest(b, { idempotencyKey: "k" })).toMatchObject({ outcome: "conflict" });
    expect(await events.ingest({ ...b, eventId: "own" }, { idempotencyKey: "k" })).toMatchObject({
      outcome: "processed",
    });
  });

  it("makes three events of a batch of three, including twins", async () => {
    const { events } = start();
    expect((await events.ingestMany([a, b, a], { idempotencyKey: "batch" })).processed).toBe(3);
    expect((await events.ingestMany([a, b, a], { idempotencyKey: "batch" })).duplicates).toBe(3);
    expect((await events.ingestMany([a, a, b], { idempotencyKey: "batch" })).duplicates).toBe(3);
    expect((await events.ingestMany([b], { idempotencyKey: "batch" })).duplicates).toBe(1);
    expect((await events.ingestMany([a], { idempotencyKey: "other" })).processed).toBe(1);
    expect(await events.aggregate()).toMatchObject({ rows: [{ count: 4, sum: "5" }] });
  });

  it("gives each event its own key", async () => {
    const { events } = start();
    const report = await events.ingestMany([a, a, a], { idempotencyKeys: ["1", "2", null] });
    expect(report.outcomes.map((each) => each.outcome === "processed" && each.identifiedBy)).toEqual([
      "key",
      "key",
      "content",
    ]);
  });
});

describe("when the store fails", () => {
  it("recognizes its own rows after a lost response: processed, not duplicate", async () => {
    const { events, store } = start();
    store.script.push(failsAfter(unavailable));
    const [k1, k2] = [
      { client: "a", eventId: "k1", amount: 1 },
      { client: "a", eventId: "k2", amount: 1 },
    ];
    expect(names((await events.ingestMany([k1, k1, k2])).outcomes)).toEqual([
      "processed",
      "duplicate",
      "processed",
    ]);
    expect(await events.aggregate()).toMatchObject({ rows: [{ count: 2 }] });
  });

  it("leaves the cause of a failure out of its JSON, parked or not, so that a report is safe to send", async () => {
    const { events, store } = start({ retry: { attempts: 1 } });
    store.script.push(failsBefore(unavailable));
    const parkedReport = await events.ingestMany([purchase]);
    expect(parkedReport.outcomes).toMatchObject([
      { outcome: "failed", kept: true, cause: unavailable.cause },
    ]);
    store.script.push(failsBefore(unavailable));
    store.park = () => Promise.reject(unavailable);
    const unparkedReport = await events.ingestMany([purchase]);
    expect(unparkedReport.outcomes).toMatchObject([
      { outcome: "failed", kept: false, cause: unavailable.cause },
    ]);
    for (const report of [parkedReport, unparkedReport]) {
      expect(Object.keys(report.outcomes[0] ?? {})).not.toContain("cause");
      expect(JSON.stringify(report)).not.toContain('"cause"');
    }
  });

  it("leaves the cause of an event that could not be parked out of its JSON", async () => {
    const { events, store } = start();
    store.park = () => Promise.reject(new EvtError("EVT_INTERNAL", "broken", { cause: unavailable }));
    const report = await events.ingestMany([{}]);
    expect(report.outcomes).toMatchObject([{ outcome: "failed", kept: false, cause: unavailable }]);
    expect(JSON.stringify(report)).not.toContain('"cause"');
  });

  it("throws from ingest, parks the failure, and lists it until the event is sent again", async () => {
    const { events, store } = start({ retry: { attempts: 1 } });
    store.script.push(failsBefore(unavailable));
    await expect(events.ingest(purchase)).rejects.toMatchObject({
      code: "EVT_STORE_UNAVAILABLE",
      cause: unavailable.cause,
    });
    const { entries } = await events.list({ status: "failed" });
    expect(entries).toMatchObject([
      {
        status: "failed",
        amount: "1200",
        error: { code: "EVT_STORE_UNAVAILABLE" },
        rawJson: JSON.stringify(purchase),
      },
    ]);
    expect(await events.ingest(purchase)).toMatchObject({ outcome: "processed" });
    expect((await events.list({ status: "failed" })).entries).toEqual([]);
    expect(await events.get((entries[0] as { id: string }).id)).toMatchObject({
      status: "failed",
      resolvedAt: expect.any(String),
    });
  });

  it("does not list an event as failed that turned out to be stored", async () => {
    const { events, store } = start({ retry: { attempts: 1 } });
    store.script.push(failsAfter(unavailable));
    expect((await events.ingestMany([purchase])).outcomes).toMatchObject([{ outcome: "failed", kept: true }]);
    expect((await events.list({ status: "failed" })).entries).toEqual([]);
    expect(await events.ingest(purchase)).toMatchObject({ outcome: "duplicate" });
    expect(await events.aggregate()).toMatchObject({ rows: [{ count: 1 }] });
  });

  it("returns in time if the store hangs, in inserts and in parking", async () => {
    const { events, store, runtime } = start({ timeoutMs: 1_000, parkTimeoutMs: 500 });
    store.script.push(hangs());
    const calling = events.ingestMany([purchase]);
    await settle();
    await runtime.advance(1_000);
    expect(await calling).toMatchObject({
      failed: 1,
      outcomes: [{ kept: true, error: { code: "EVT_DEADLINE" } }],
    });
    store.park = () => new Promise(() => undefined);
    const parking = events.ingestMany([{}]);
    await settle();
    await runtime.advance(500);
    expect(await parking).toMatchObject({
      failed: 1,
      outcomes: [{ kept: false, error: { code: "EVT_DEADLINE" } }],
    });
    expect(runtime.pending).toBe(0);
  });

  it("returns failed, not rejected, if the rejected event cannot be parked", async () => {
    const { events, store } = start({ retry: { attempts: 1 } });
    store.park = () => Promise.reject(unavailable);
    const report = await events.ingestMany([{}, purchase]);
    expect(report).toMatchObject({ rejected: 0, failed: 1, processed: 1 });
    expect(report.outcomes[0]).toMatchObject({
      outcome: "failed",
      kept: false,
      error: { message: expect.stringContaining("could not be parked") },
    });
  });

  it("retries parking", async () => {
    const { events, store } = start();
    const park = store.park.bind(store);
    let calls = 0;
    store.park = (...args) => (++calls < 3 ? Promise.reject(unavailable) : park(...args));
    expect(await events.ingest({})).toMatchObject({ outcome: "rejected" });
  });

  it.each(Array.from({ length: 10 }, (_, at) => [at * 11]))(
    "isolates a poison record at place %i of 100",
    async (at) => {
      const { store, runtime } = start();
      const refusal = new EvtError("EVT_RECORD_REFUSED", "the database refuses it");
      const events = createEvt({
        store: refusing(store, (record) => record.metric === "poison", refusal),
        runtime,
      }).tenant("acme");
      const raws = Array.from({ length: 100 }, (_, i) => ({
        client: "a",
        metric: i === at ? "poison" : `m${i}`,
        amount: 1,
        ts: "2024-01-01",
      }));
      const report = await events.ingestMany(raws);
      expect(report).toMatchObject({ processed: 99, rejected: 1 });
      expect(report.outcomes[at]).toMatchObject({
        outcome: "rejected",
        issues: [{ code: "refused_by_store", cause: refusal }],
        parked: { metric: "poison" },
      });
      expect(Object.keys((report.outcomes[at] as Rejected).issues[0] ?? {})).not.toContain("cause");
      expect((await events.list({ status: "rejected" })).entries).toHaveLength(1);
    },
  );

  it("does not let a bad record of one caller fail the events of another", async () => {
    const { store } = start();
    const evt = createEvt({
      store: refusing(
        store,
        (record) => record.metric === "poison",
        new EvtError("EVT_RECORD_REFUSED", "no"),
      ),
    });
    const outcomes = await Promise.all([
      evt.tenant("a").ingest({ client: "a", metric: "poison", amount: 1, ts: "2024-01-01" }),
      evt.tenant("b").ingest({ client: "a", metric: "fine", amount: 1, ts: "2024-01-01" }),
    ]);
    expect(names(outcomes)).toEqual(["rejected", "processed"]);
    expect(store.inserts.length).toBe(1);
  });

  it("rejects the call immediately if the schema is outdated", async () => {
    const { events, store } = start();
    const outdated = new EvtError("EVT_SCHEMA_OUTDATED", "run migrate");
    store.script.push(failsBefore(outdated));
    await expect(events.ingestMany([purchase, { client: "a" }])).rejects.toBe(outdated);
    expect(store.inserts).toHaveLength(1);
    store.park = () => Promise.reject(outdated);
    await expect(events.ingestMany([{ client: "a" }])).rejects.toBe(outdated);
  });

  it("rejects the call if the store has a defect", async () => {
    const { events, store } = start();
    store.script.push(failsBefore(new TypeError("a bug")));
    await expect(events.ingestMany([purchase])).rejects.toMatchObject({
      code: "EVT_INTERNAL",
      cause: expect.any(TypeError),
    });
    store.list = () => Promise.reject(new TypeError("a bug"));
    await expect(events.list()).rejects.toMatchObject({ code: "EVT_INTERNAL" });
  });
});

describe("a simulated failure", () => {
  const drill = (evt: ReturnType<typeof createEvt>, mode: "before" | "after" | "slow") =>
    evt.withStore((store: Store) => failing(store, mode, { delayMs: 5 }), { attempts: 1 }).tenant("acme");

  it("before the write: failed and listed so, then counted once", async () => {
    const { evt, events } = start();
    expect((await drill(evt, "before").ingestMany([purchase])).failed).toBe(1);
    expect((await events.list({ status: "failed" })).entries).toHaveLength(1);
    expect(await events.aggregate()).toMatchObject({ rows: [{ count: 0 }] });
    expect(await events.ingest(purchase)).toMatchObject({ outcome: "processed" });
    expect((await events.list({ status: "failed" })).entries).toHaveLength(0);
  });

  it("after the write: failed, then a duplicate, counted once", async () => {
    const { evt, events } = start();
    expect((await drill(evt, "after").ingestMany([purchase])).failed).toBe(1);
    expect(await events.ingest(purchase)).toMatchObject({ outcome: "duplicate" });
    expect(await events.aggregate()).toMatchObject({ rows: [{ count: 1 }] });
  });

  it("slow: processed late, or failed if it is too late", async () => {
    const { evt } = start();
    expect((await drill(evt, "slow").ingestMany([purchase])).processed).toBe(1);
  });
});

describe("storing raw events and calling onOutcome", () => {
  it("stores the JSON text that the caller passes, as it was sent", async () => {
    const { events } = start();
    const rawJson = '{ "client": "a", "amount": 1.50, "ts": "2024-01-01", "ts": "2024-01-01" }';
    expect(await events.ingest(JSON.parse(rawJson), { rawJson })).toMatchObject({ event: { rawJson } });
  });

  it("writes a lone surrogate of a given text as an escape", async () => {
    const { events } = start();
    const rawJson = '{"client":"a","amount":1,"ts":"2024-01-01","note":"\ud83d"}';
    const given = await events.ingest(JSON.parse(rawJson), { rawJson });
    expect(given).toMatchObject({ event: { rawJson: rawJson.replace("\ud83d", "\\ud83d") } });
  });

  it("drops or redacts the raw event before the insert, and stores none if the redaction throws", async () => {
    const raw = { client: "a", amount: 1, ts: "2024-01-01", email: "a@example.org" };
    const redact = (given: unknown) => ({ ...(given as object), email: "…" });
    const broken = () => {
      throw new Error("no");
    };
    expect(await start({ raw: "drop" }).events.ingest(raw)).toMatchObject({ event: { rawJson: null } });
    expect(await start({ raw: redact }).events.ingest(raw)).toMatchObject({
      event: { rawJson: expect.stringContaining('"email":"…"') },
    });
    expect(await start({ raw: broken }).events.ingest(raw)).toMatchObject({ event: { rawJson: null } });
    expect(await start({ raw: "drop" }).events.ingest({ ...raw, amount: "x" })).toMatchObject({
      parked: { rawJson: null },
    });
  });

  it("parks values that JSON does not have", async () => {
    const { events } = start();
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    let deep: unknown = 1;
    for (let i = 0; i < 200_000; i++) deep = [deep];
    const report = await events.ingestMany([
      cycle,
      { deep },
      undefined,
      10n,
      { client: "a", amount: 10n, ts: "2024-01-01" },
      () => 1,
      Symbol("s"),
    ]);
    expect(names(report.outcomes)).toEqual([
      "rejected",
      "rejected",
      "rejected",
      "rejected",
      "processed",
      "rejected",
      "rejected",
    ]);
    expect(report.outcomes.map((each) => ("parked" in each ? each.parked.rawJson : null))).toEqual(
      expect.arrayContaining([expect.stringContaining("not JSON")]),
    );
  });

  it("calls onOutcome with every outcome once it is certain, and ignores its errors", async () => {
    const told: string[] = [];
    const { events } = start({
      onOutcome: (outcome, tenantId) => {
        told.push(`${tenantId} ${outcome.outcome}`);
        throw new Error("listener");
      },
    });
    await events.ingestMany([purchase, purchase, {}]);
    expect(told).toEqual(["acme processed", "acme duplicate", "acme rejected"]);
  });

  it("leaves no timer", async () => {
    const { events, runtime } = start();
    await events.ingestMany([purchase, {}]);
    await events.list();
    await events.aggregate();
    await events.preview([purchase]);
    expect(runtime.pending).toBe(0);
  });
});

describe("aborting and closing", () => {
  it("rejects a call whose signal has aborted, and parks nothing for it", async () => {
    const { events, store } = start();
    await expect(events.ingest(purchase, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "EVT_ABORTED",
    });
    store.script.push(hangs());
    const caller = new AbortController();
    const calling = events.ingest(purchase, { signal: caller.signal });
    await settle();
    caller.abort();
    await expect(calling).rejects.toMatchObject({ code: "EVT_ABORTED" });
    expect((await events.list()).entries).toEqual([]);
  });

  it("refuses everything after close, and closes the store once", async () => {
    const { evt, events, store } = start();
    let closed = 0;
    store.close = async () => void closed++;
    await Promise.all([evt.close(), evt.close()]);
    await expect(events.ingest(purchase)).rejects.toMatchObject({ code: "EVT_CLOSED" });
    await expect(events.ingest({})).rejects.toMatchObject({ code: "EVT_CLOSED" });
    const questions = [
      evt.ping(),
      events.list(),
      events.get("0".repeat(64)),
      events.aggregate(),
      events.preview([purchase]),
    ];
    for (const question of questions) await expect(question).rejects.toMatchObject({ code: "EVT_CLOSED" });
    expect(closed).toBe(1);
  });

  it("is reported by `refusal`, also for a derived evt", async () => {
    const { evt, events } = start();
    const derived = evt.withStore((store) => store);
    const further = derived.withStore((store) => store);
    expect([evt, derived, further].map((each) => each.refusal("acme"))).toEqual([null, null, null]);
    await derived.close();
    expect(evt.refusal("acme")).toBeNull();
    for (const each of [derived, further])
      for (const tenant of [undefined, "acme"])
        expect(each.refusal(tenant)).toMatchObject({ code: "EVT_CLOSED" });
    await evt.close();
    expect(evt.refusal()).toMatchObject({ code: "EVT_CLOSED" });
    expect(() => events.prepare([purchase])).toThrow("this evt is closed");
  });

  it("of a derived evt finishes its events and leaves the store open", async () => {
    const { evt, events, store } = start();
    let closed = 0;
    store.close = async () => void closed++;
    const derived = evt.withStore((inner) => inner);
    const calling = derived.tenant("acme").ingest(purchase);
    await derived[Symbol.asyncDispose]();
    expect(await calling).toMatchObject({ outcome: "processed" });
    await expect(derived.tenant("acme").ingest(purchase)).rejects.toMatchObject({ code: "EVT_CLOSED" });
    expect(await events.ingest(purchase)).toMatchObject({ outcome: "duplicate" });
    expect(closed).toBe(0);
    await evt.close();
    expect(closed).toBe(1);
  });

  it("of the original closes a derived evt for every call", async () => {
    const { evt } = start();
    const derived = evt.withStore((inner) => inner);
    const events = derived.withStore((inner) => inner).tenant("acme");
    await evt.close();
    const calls = [events.ingest(purchase), events.list(), derived.ping(), events.replay([])];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: "EVT_CLOSED" });
  });

  it("finishes accepted events, including those of a derived evt", async () => {
    const { evt, events } = start();
    const other = evt.withStore((store) => store).tenant("acme");
    const calls = [events.ingest(purchase), other.ingest({ client: "a", amount: 1, ts: "2024-01-01" })];
    await evt.close();
    expect(names(await Promise.all(calls))).toEqual(["processed", "processed"]);
    await expect(other.ingest(purchase)).rejects.toMatchObject({ code: "EVT_CLOSED" });
  });

  it("closes the store only after uncounted events are parked", async () => {
    const { evt, events, store } = start();
    const { opened, open } = gate();
    const happened: string[] = [];
    const { park } = store;
    store.park = async (...given) => {
      await opened;
      await park.apply(store, given);
      happened.push("parked");
    };
    store.close = async () => void happened.push("closed");
    const calling = events.ingest({ amount: "none" });
    const closing = evt.close();
    await settle();
    open();
    await closing;
    expect(happened).toEqual(["parked", "closed"]);
    expect(await calling).toMatchObject({ outcome: "rejected" });
  });
});

describe("a store that is down", () => {
  const down = { retry: { attempts: 1 }, breaker: { failures: 1, afterMs: 1, pauseMs: 100 } };

  function startDown() {
    const trial = start(down);
    const calls = { insert: 0, park: 0 };
    const fail = (method: "insert" | "park") => async () => {
      calls[method]++;
      await trial.runtime.advance(1);
      throw unavailable;
    };
    const { insert, park } = trial.store;
    trial.store.insert = fail("insert");
    trial.store.park = fail("park");
    const mend = () => Object.assign(trial.store, { insert, park });
    return { ...trial, calls, mend };
  }

  it("gets no inserts and no parking until the pause is over: events fail immediately", async () => {
    const { events, calls } = startDown();
    await events.ingestMany([purchase]);
    expect(calls).toEqual({ insert: 1, park: 0 });
    const report = await events.ingestMany([purchase, { amount: "none" }]);
    expect(names(report.outcomes)).toEqual(["failed", "failed"]);
    expect(report.outcomes).toMatchObject([{ kept: false }, { kept: false }]);
    expect(calls).toEqual({ insert: 1, park: 0 });
  });

  it("is tried again by the first call after the pause", async () => {
    const { events, runtime, mend } = startDown();
    await events.ingestMany([purchase]);
    mend();
    await runtime.advance(100);
    expect(await events.ingest(purchase)).toMatchObject({ outcome: "processed" });
  });

  it("is used again after a ping succeeds", async () => {
    const { evt, events, mend } = startDown();
    await events.ingestMany([purchase]);
    mend();
    await evt.ping();
    expect(await events.ingest(purchase)).toMatchObject({ outcome: "processed" });
  });

  it("does not get the second half of a batch if it went down during the first", async () => {
    const { events, store, runtime } = start(down);
    const asked: number[] = [];
    store.insert = async (records) => {
      asked.push(records.length);
      await runtime.advance(1);
      throw records.length === 4 ? new EvtError("EVT_RECORD_REFUSED", "poison") : unavailable;
    };
    const report = await events.ingestMany([1, 2, 3, 4].map((amount) => ({ ...purchase, amount })));
    expect(names(report.outcomes)).toEqual(["failed", "failed", "failed", "failed"]);
    expect(asked).toEqual([4, 2]);
  });

  it("is tried at each call if the breaker is turned off", async () => {
    const { evt, calls } = startDown();
    const events = evt.withStore((store) => store, { breaker: false }).tenant("acme");
    for (let i = 0; i < 3; i++) await events.ingestMany([purchase]);
    expect(calls.insert).toBe(3);
  });
});
