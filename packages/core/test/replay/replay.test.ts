import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import { EvtError } from "../../src/evt-error.js";
import type { EvtOptions } from "../../src/evt-options.js";
import type { Mapping } from "../../src/normalize/mapping.js";
import type { ReplayReport } from "../../src/outcome.js";
import type { ParkedFilter } from "../../src/queries.js";
import type { Replay, StoreCall } from "../../src/store.js";
import { failing } from "../../src/testing/failing-store.js";
import { FakeRuntime, settle } from "../../src/testing/fake-runtime.js";
import { gate, ScriptedStore } from "../scripted-store.js";

const unavailable = new EvtError("EVT_STORE_UNAVAILABLE", "down");
const mended: Mapping = { fields: { amount: "cost" } };

function start(options: Partial<EvtOptions> = {}, store = new ScriptedStore(), runtime = new FakeRuntime()) {
  const evt = createEvt({ store, runtime, mappings: { mended }, ...options });
  return { store, runtime, evt, events: evt.tenant("acme") };
}

type Trial = ReturnType<typeof start>;

/** Parks one event in a call of its own. */
async function parked({ events }: Trial, raw: unknown, options = {}): Promise<string> {
  const outcome = await events.ingest(raw, options);
  if (!("parked" in outcome)) throw new Error(`${outcome.outcome} is not parked`);
  return outcome.parked.id;
}

const words = ({ results }: ReplayReport) => results.map(({ outcome }) => outcome);
const click = { clientId: "a", metric: "click", cost: "2" };
const stamped = { ...click, timestamp: "2026-02-01T00:00:00Z" };

describe("replay", () => {
  it("counts a rejected event once with a fixed mapping", async () => {
    const trial = start();
    const id = await parked(trial, stamped);
    const first = await trial.events.replay([id], { mapping: "mended" });
    expect(first).toMatchObject({ processed: 1, settled: 0, nextCursor: null });
    const [result] = first.results;
    expect(result).toMatchObject({ parkedId: id, outcome: "processed", event: { amount: "2" } });
    const again = await trial.events.replay([id], { mapping: "mended" });
    expect(again.results).toEqual([
      { parkedId: id, outcome: "settled", id: result?.outcome === "processed" ? result.id : "" },
    ]);
    expect(await trial.events.aggregate()).toMatchObject({ rows: [{ count: 1, sum: "2" }] });
  });

  it("counts an event once in concurrent replays with different edits", async () => {
    const trial = start();
    const id = await parked(trial, click);
    const reports = await Promise.all(
      ["1", "2", "3", "4"].map((amount) => trial.events.replay([id], { edit: () => ({ ...click, amount }) })),
    );
    expect(reports.flatMap(words).sort()).toEqual(["processed", "settled", "settled", "settled"]);
    expect(await trial.events.aggregate()).toMatchObject({ rows: [{ count: 1 }] });
  });

  it("counts an edited event in place of the parked one, and links both in the history", async () => {
    const trial = start();
    const id = await parked(trial, click);
    const edit = (raw: unknown) => ({ ...(raw as object), amount: 7 });
    const { results } = await trial.events.replay([id], { edit });
    expect(results).toMatchObject([{ outcome: "processed", event: { amount: "7" } }]);
    const eventId = results[0]?.outcome === "processed" ? results[0].id : "";
    const attempt = { parkedId: id, outcome: "processed", eventId, reasons: [] };
    expect(await trial.events.history(id)).toMatchObject([attempt]);
    expect(await trial.events.history(eventId)).toMatchObject([attempt]);
    expect(await trial.events.get(eventId)).toMatchObject({
      rawJson: JSON.stringify({ ...click, amount: 7 }),
    });
  });

  it.each<[string, (trial: Trial, id: string) => Promise<ReplayReport>]>([
    ["of ids", ({ events }, id) => events.replay([id], { mapping: "mended" })],
    ["of a filter", ({ events }) => events.replayPage({ all: true }, { mapping: "mended" })],
  ])("%s is finished before the store is closed", async (_, replayed) => {
    const trial = start();
    const id = await parked(trial, stamped);
    const { opened, open } = gate();
    const happened: string[] = [];
    const { replay } = trial.store;
    trial.store.replay = async (...given) => {
      await opened;
      const outcomes = await replay.apply(trial.store, given);
      happened.push("replayed");
      return outcomes;
    };
    trial.store.close = async () => void happened.push("closed");
    const replaying = replayed(trial, id);
    const closing = trial.evt.close();
    await settle();
    open();
    await closing;
    expect(happened).toEqual(["replayed", "closed"]);
    expect(words(await replaying)).toEqual(["processed"]);
  });

  it("leaves an event parked that is refused again, with the attempt in its history", async () => {
    const trial = start();
    const id = await parked(trial, click);
    await trial.runtime.advance(1_000);
    const report = await trial.events.replay([id]);
    expect(report.results).toMatchObject([
      { outcome: "rejected", id: null, canonical: { clientId: "a" }, issues: [{ code: "amount_missing" }] },
    ]);
    expect(await trial.events.history(id)).toMatchObject([
      { at: "2026-03-01T12:00:01.000Z", outcome: "rejected", reasons: ["amount_missing"], eventId: null },
    ]);
    expect(await trial.events.get(id)).toMatchObject({ resolvedAt: null, attempts: 1 });
  });

  it("returns what would happen in a dry run, and writes nothing", async () => {
    const trial = start();
    const counted = await trial.events.ingest({ ...stamped, amount: "2" });
    const ids = [
      await parked(trial, stamped),
      await parked(trial, { ...stamped, metric: "other", note: 1 }),
      await parked(trial, { ...stamped, metric: "other", note: 2 }),
      await parked(trial, { metric: "click" }),
    ];
    const report = await trial.events.replay(ids, { mapping: "mended", dryRun: true });
    expect(words(report)).toEqual(["duplicate", "processed", "duplicate", "rejected"]);
    expect(report.results[0]).toMatchObject({ id: counted.id });
    expect(await trial.events.aggregate()).toMatchObject({ rows: [{ count: 1 }] });
    expect((await Promise.all(ids.map((id) => trial.events.history(id)))).flat()).toEqual([]);
    expect((await trial.events.list({ status: "rejected" })).entries).toHaveLength(4);
  });

  it("resolves an event that turns out to be counted already", async () => {
    const trial = start();
    const id = await parked(trial, stamped);
    const counted = await trial.events.ingest({ ...stamped, amount: "2" });
    const report = await trial.events.replay([id], { mapping: "mended" });
    expect(report.results).toMatchObject([{ outcome: "duplicate", id: counted.id }]);
    expect(await trial.events.get(id)).toMatchObject({ resolvedAt: expect.any(String) });
    expect(await trial.events.history(counted.id)).toMatchObject([{ parkedId: id, outcome: "duplicate" }]);
  });

  it("leaves a conflict parked, until it is edited", async () => {
    const trial = start();
    const holder = await trial.events.ingest({ ...stamped, amount: 1, idempotencyKey: "k" });
    const id = await parked(trial, { ...stamped, amount: 2, idempotencyKey: "k" });
    expect((await trial.events.replay([id])).results).toMatchObject([
      { outcome: "conflict", id: holder.id, issues: [{ code: "amount_differs" }] },
    ]);
    const edit = (raw: unknown) => ({ ...(raw as object), idempotencyKey: "k2" });
    expect(words(await trial.events.replay([id], { edit }))).toEqual(["processed"]);
    expect((await trial.events.history(id)).map(({ outcome }) => outcome)).toEqual(["conflict", "processed"]);
  });

  it("uses the time of receipt for an event without a timestamp, and counts each one", async () => {
    const trial = start();
    const ids = [await parked(trial, { ...click, note: 1 }), await parked(trial, { ...click, note: 2 })];
    await trial.runtime.advance(86_400_000);
    // the same content, sent again later: another click
    await trial.events.ingest({ clientId: "a", metric: "click", amount: "2" });
    const report = await trial.events.replay(ids, { mapping: "mended" });
    expect(report.results).toMatchObject(
      [1, 2].map(() => ({ outcome: "processed", event: { timestamp: "2026-03-01T12:00:00.000Z" } })),
    );
    expect(await trial.events.aggregate()).toMatchObject({ rows: [{ count: 3 }] });
  });

  it("counts a failed event without key and time so that its resend is recognized", async () => {
    const trial = start({ retry: { attempts: 1 } });
    const event = { clientId: "a", metric: "click", amount: "2" };
    trial.store.script.push(() => () => Promise.reject(unavailable));
    const [failed] = (await trial.events.ingestMany([event])).outcomes;
    expect(words(await trial.events.replay([failed?.id ?? ""]))).toEqual(["processed"]);
    await trial.runtime.advance(1_000);
    expect(await trial.events.ingest(event)).toMatchObject({ outcome: "duplicate" });
  });

  it("gives an event without a client the client that it was parked with, or the given one", async () => {
    const trial = start();
    const id = await parked(trial, { metric: "click", cost: 1 }, { clientId: "a" });
    const preview = await trial.events.replay([id], { mapping: "mended", clientId: "b", dryRun: true });
    expect(preview.results).toMatchObject([{ event: { clientId: "b" } }]);
    const report = await trial.events.replay([id], { mapping: "mended" });
    expect(report.results).toMatchObject([{ outcome: "processed", event: { clientId: "a" } }]);
  });

  it("does not count an event for the client it wrongly named, unless the replay names one", async () => {
    const trial = start();
    const id = await parked(trial, { ...stamped, amount: 1 }, { clientId: "b" });
    expect((await trial.events.replay([id])).results).toMatchObject([
      { outcome: "rejected", issues: [{ code: "client_id_mismatch" }] },
    ]);
    expect((await trial.events.replay([id], { clientId: "a" })).results).toMatchObject([
      { outcome: "processed", event: { clientId: "a" } },
    ]);
  });

  it("does not count a number that a double would round, in a field that no mapping read before", async () => {
    const trial = start();
    const rawJson = '{"clientId":"a","cost":0.12345678901234567890}';
    const id = await parked(trial, JSON.parse(rawJson), { rawJson });
    const report = await trial.events.replay([id], { mapping: "mended" });
    expect(report.results).toMatchObject([{ outcome: "rejected", issues: [{ code: "amount_inexact" }] }]);
  });

  it("uses the key that was passed along with the event", async () => {
    const trial = start();
    const id = await parked(trial, stamped, { idempotencyKey: "order-1" });
    const report = await trial.events.replay([id], { mapping: "mended" });
    expect(report.results).toMatchObject([{ outcome: "processed", event: { idempotencyKey: "order-1" } }]);
  });

  it("refuses an event that is not stored, or whose edit throws, and leaves it parked", async () => {
    const dropped = start({ raw: "drop" });
    const gone = await parked(dropped, click);
    expect((await dropped.events.replay([gone], { mapping: "mended" })).results).toMatchObject([
      { outcome: "rejected", issues: [{ code: "raw_not_kept" }] },
    ]);
    expect(words(await dropped.events.replay([gone], { edit: () => ({ ...click, amount: 1 }) }))).toEqual([
      "processed",
    ]);
    const trial = start();
    const id = await parked(trial, click);
    const edit = () => {
      throw new Error("no such order");
    };
    expect((await trial.events.replay([id], { edit })).results).toMatchObject([
      {
        outcome: "rejected",
        issues: [{ code: "edit_failed", message: expect.stringContaining("no such order") }],
      },
    ]);
  });

  it("recognizes its own replay after a lost response", async () => {
    const trial = start();
    const id = await parked(trial, stamped);
    const replay = trial.store.replay.bind(trial.store);
    let lost = 0;
    trial.store.replay = async (replays: readonly Replay[], call: StoreCall) => {
      const outcomes = await replay(replays, call);
      if (lost++ === 0) throw unavailable;
      return outcomes;
    };
    expect(words(await trial.events.replay([id], { mapping: "mended" }))).toEqual(["processed"]);
    expect(lost).toBe(2);
    expect(await trial.events.aggregate()).toMatchObject({ rows: [{ count: 1 }] });
  });

  it("returns failed if the store is down, and counts the event the next time", async () => {
    const trial = start({ retry: { attempts: 1 } });
    const id = await parked(trial, stamped);
    const replay = trial.store.replay.bind(trial.store);
    trial.store.replay = () => Promise.reject(unavailable);
    const report = await trial.events.replay([id], { mapping: "mended" });
    expect(report.results).toEqual([
      { parkedId: id, outcome: "failed", error: { code: "EVT_STORE_UNAVAILABLE", message: "down" } },
    ]);
    trial.store.replay = replay;
    expect(words(await trial.events.replay([id], { mapping: "mended" }))).toEqual(["processed"]);
  });

  it("rejects an event that the store can never hold, and counts the others", async () => {
    const trial = start();
    const ids = [];
    for (const cost of [1, 2, 3]) ids.push(await parked(trial, { ...stamped, cost }));
    const replay = trial.store.replay.bind(trial.store);
    trial.store.replay = (replays: readonly Replay[], call: StoreCall) =>
      replays.some(({ record }) => record.amount === "2")
        ? Promise.reject(new EvtError("EVT_RECORD_REFUSED", "poison"))
        : replay(replays, call);
    const report = await trial.events.replay(ids, { mapping: "mended" });
    expect(words(report)).toEqual(["processed", "rejected", "processed"]);
    expect(await trial.events.history(ids[1] ?? "")).toMatchObject([{ reasons: ["refused_by_store"] }]);
  });

  it("returns results in the order of ids: the same id twice, unknown ids, counted ids", async () => {
    const trial = start();
    const id = await parked(trial, stamped);
    const other = await parked(trial, { ...stamped, cost: "9" });
    const counted = await trial.events.ingest({ ...stamped, amount: 5 });
    const ids = [other, "nonsense", id, counted.id, id];
    const report = await trial.events.replay(ids, { mapping: "mended" });
    expect(words(report)).toEqual(["processed", "unknown", "processed", "unknown", "processed"]);
    expect(report.results.map(({ parkedId }) => parkedId)).toEqual(ids);
    expect(await trial.events.aggregate()).toMatchObject({ rows: [{ count: 3 }] });
  });

  it("does not find parked events of another tenant", async () => {
    const trial = start();
    const id = await parked(trial, stamped);
    const other = trial.evt.tenant("other");
    expect(words(await other.replay([id], { mapping: "mended" }))).toEqual(["unknown"]);
    expect(await other.history(id)).toEqual([]);
    expect(await other.reasons()).toEqual([]);
    expect(await other.replayPage({ all: true }, { mapping: "mended" })).toMatchObject({ results: [] });
  });

  it("works over a store whose inserts fail", async () => {
    const trial = start();
    const id = await parked(trial, stamped);
    const events = trial.evt.withStore((store) => failing(store, "before")).tenant("acme");
    expect(words(await events.replay([id], { mapping: "mended" }))).toEqual(["processed"]);
    expect(await events.history(id)).toHaveLength(1);
    expect(await events.reasons()).toEqual([]);
  });

  it("is refused with a clear error if the store cannot replay, or an option is wrong", async () => {
    const store = Object.assign(new ScriptedStore(), { replay: undefined });
    const { events } = start({ store: store as unknown as ScriptedStore });
    await expect(events.replay([])).rejects.toThrow("this store cannot replay parked events");
    const sound = start().events;
    await expect(sound.replay([], { maping: "x" } as object)).rejects.toThrow('did you mean "mapping"?');
    await expect(sound.replay([], { mapping: "x" })).rejects.toThrow('the mappings are: "mended"');
    await expect(sound.replay("id" as unknown as [])).rejects.toThrow("an array of ids");
    await expect(sound.replay(Array(1_001).fill(""))).rejects.toMatchObject({ code: "EVT_INVALID_QUERY" });
  });
});

describe("replayPage", () => {
  it("needs a filter, or all: true", async () => {
    const trial = start();
    const id = await parked(trial, stamped);
    const refusal = { code: "EVT_INVALID_QUERY", parameter: "all" };
    for (const query of [
      {},
      { limit: 1 },
      { timeZone: "UTC" },
      { clientId: undefined },
      { all: false as never },
    ])
      await expect(trial.events.replayPage(query, { mapping: "mended" })).rejects.toMatchObject(refusal);
    expect(await trial.events.get(id)).toMatchObject({ resolvedAt: null });
    expect(await trial.events.replayPage({ all: true }, { mapping: "mended" })).toMatchObject({
      processed: 1,
    });
  });

  it("replays the parked events of a filter, page by page, and none of them twice", async () => {
    const trial = start();
    for (let i = 0; i < 5; i++) await parked(trial, { ...stamped, cost: i });
    await parked(trial, { ...stamped, metric: "", cost: 9 });
    await parked(trial, { metric: "click", cost: 1 });
    const outcomes = [];
    let cursor: string | null | undefined;
    do {
      const page: ReplayReport = await trial.events.replayPage(
        { reason: "amount_missing", limit: 2, ...(cursor && { cursor }) },
        { mapping: "mended" },
      );
      outcomes.push(words(page));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(outcomes.flat().sort()).toEqual([...Array(5).fill("processed"), "rejected", "rejected"].sort());
    expect(outcomes.map(({ length }) => length)).toEqual([2, 2, 2, 1]);
    expect(await trial.events.replayPage({ reason: "amount_missing" }, { mapping: "mended" })).toMatchObject({
      processed: 0,
      rejected: 2,
    });
    expect(await trial.events.aggregate()).toMatchObject({ rows: [{ count: 5 }] });
  });

  it("filters by unit and dimensions as they were read when the event was parked", async () => {
    const dimensions = { plan: "plan" };
    const trial = start({ mapping: { dimensions }, mappings: { mended: { ...mended, dimensions } } });
    for (const given of [
      { currency: "EUR", plan: "pro" },
      { currency: "USD", plan: "pro" },
      { currency: { code: "EUR" }, plan: "free" },
      {},
    ])
      await parked(trial, { ...stamped, ...given });
    const counts = async (query: ParkedFilter) => {
      const reasons = await trial.events.reasons(query);
      const { results } = await trial.events.replayPage(query, { mapping: "mended", dryRun: true });
      expect(results).toHaveLength(reasons.reduce((sum, { count }) => sum + count, 0));
      return results.length;
    };
    expect(await counts({ unit: "EUR" })).toBe(1);
    expect(await counts({ dimensions: { plan: "pro" } })).toBe(2);
    expect(await counts({ unit: "EUR", dimensions: { plan: "free" } })).toBe(0);
    // the unit that could not be read, and the event without a unit
    expect(await counts({ unit: null })).toBe(2);
    expect(await counts({ dimensions: { plan: null } })).toBe(1);
    expect(await trial.events.replayPage({ unit: "USD" }, { mapping: "mended" })).toMatchObject({
      processed: 1,
    });
    expect(await trial.events.aggregate()).toMatchObject({ rows: [{ unit: "USD", count: 1 }] });
  });

  it.each([
    [{ unit: 5 }, "unit"],
    [{ dimensions: "pro" }, "dimensions"],
    [{ dimensions: { "a.b": "pro" } }, "dimension.a.b"],
    [{ dimensions: {} }, "all"],
    [{ dimensions: { plan: undefined } }, "all"],
  ])("refuses %j", async (query, parameter) => {
    const { events } = start();
    const refusal = { code: "EVT_INVALID_QUERY", parameter };
    await expect(events.replayPage(query as never)).rejects.toMatchObject(refusal);
    if (parameter === "all") expect(await events.reasons(query as never)).toEqual([]);
    else await expect(events.reasons(query as never)).rejects.toMatchObject(refusal);
  });

  it("filters by status and client, and refuses the status of counted events", async () => {
    const trial = start();
    await parked(trial, { ...stamped, clientId: "b" });
    await parked(trial, stamped);
    expect(await trial.events.replayPage({ clientId: "b" }, { mapping: "mended" })).toMatchObject({
      processed: 1,
    });
    expect(await trial.events.replayPage({ status: "failed" })).toMatchObject({ results: [] });
    await expect(trial.events.replayPage({ status: "processed" as "failed" })).rejects.toMatchObject({
      code: "EVT_INVALID_QUERY",
      parameter: "status",
    });
  });
});

describe("reasons", () => {
  it("groups parked events with counts, and leaves out resolved ones", async () => {
    const trial = start();
    const id = await parked(trial, stamped);
    await parked(trial, { ...stamped, cost: 5 });
    await parked(trial, {});
    expect(await trial.events.reasons()).toMatchObject([
      { status: "rejected", reasons: ["amount_missing"], count: 2 },
      { status: "rejected", reasons: ["client_id_missing", "amount_missing"], count: 1 },
    ]);
    await trial.events.replay([id], { mapping: "mended" });
    expect(await trial.events.reasons({ clientId: "a" })).toMatchObject([{ count: 1 }]);
  });

  it("are the reasons by which the list filters", async () => {
    const trial = start();
    await parked(trial, stamped);
    await parked(trial, {});
    await trial.events.ingest({ ...stamped, amount: 1 });
    expect((await trial.events.list({ reason: "client_id_missing" })).entries).toHaveLength(1);
    const { nextCursor } = await trial.events.list({ reason: "amount_missing", limit: 1 });
    await expect(trial.events.list({ reason: "other", cursor: nextCursor ?? "" })).rejects.toMatchObject({
      parameter: "cursor",
    });
  });
});
