import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import { EvtError } from "../../src/evt-error.js";
import type { Mapping } from "../../src/normalize/mapping.js";
import type { ReplayAttempt, StoreCall } from "../../src/store.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";
import { ScriptedStore } from "../scripted-store.js";

const date = "2026-02-01T00:00:00Z";
const order = (amount: unknown) => ({ type: "order", amount, date });
const envelope = { client: "shop", total: 3, data: [order(5), order(6), order("x")] };
const dataOf = (raw: unknown) => (raw as typeof envelope).data;

function start(store = new ScriptedStore(), mapping: Mapping = {}) {
  const mappings = { path: { unwrap: "data" }, code: { unwrap: dataOf } };
  const evt = createEvt({ store, runtime: new FakeRuntime(), mapping, mappings });
  return { store, events: evt.tenant("acme") };
}

type Trial = ReturnType<typeof start>;

async function parked({ events }: Trial, raw: unknown, options = {}): Promise<string> {
  const outcome = await events.ingest(raw, options);
  if (!("parked" in outcome)) throw new Error(`${outcome.outcome} is not parked`);
  return outcome.parked.id;
}

const total = async ({ events }: Trial) =>
  (await events.aggregate()).rows.map(({ count, sum }) => [count, sum]);

describe("a parked envelope", () => {
  it.each(["path", "code"] as const)(
    "is replayed into its events by a mapping with a %s",
    async (mapping) => {
      const trial = start();
      const id = await parked(trial, envelope);
      const report = await trial.events.replay([id], { mapping });
      expect(report).toMatchObject({ processed: 2, rejected: 1, settled: 0 });
      expect(report.results).toMatchObject([
        {
          parkedId: id,
          outcome: "unwrapped",
          parts: [
            { outcome: "processed", event: { clientId: "shop", amount: "5" } },
            { outcome: "processed" },
            { outcome: "rejected" },
          ],
        },
      ]);
      expect(await total(trial)).toEqual([[2, "11"]]);
      expect((await trial.events.replay([id], { mapping })).results).toEqual([
        { parkedId: id, outcome: "settled", id: null },
      ]);
      expect(await trial.events.ingestMany([envelope], { unwrap: "data" })).toMatchObject({ duplicates: 2 });
    },
  );

  it("leaves a refused event parked, which can be edited and replayed alone", async () => {
    const trial = start();
    await parked(trial, envelope);
    await trial.events.replayPage({ reason: "event_is_envelope" }, { mapping: "code" });
    const [left, ...more] = (await trial.events.list({ status: "rejected" })).entries;
    expect([left?.rawJson, more]).toEqual([
      `{"type":"order","amount":"x","date":"${date}","client":"shop"}`,
      [],
    ]);
    const edit = (raw: unknown) => ({ ...(raw as object), amount: 7 });
    const report = await trial.events.replay([left?.id ?? ""], { mapping: "code", edit });
    expect(report.results).toMatchObject([{ outcome: "processed" }]);
    expect(await total(trial)).toEqual([[3, "18"]]);
  });

  it("is not changed by a dry run", async () => {
    const trial = start();
    const id = await parked(trial, envelope);
    const report = await trial.events.replay([id], { mapping: "path", dryRun: true });
    expect(report).toMatchObject({ processed: 2, rejected: 1, results: [{ outcome: "unwrapped" }] });
    expect((await trial.events.aggregate()).rows).toMatchObject([{ count: 0 }]);
    expect((await trial.events.list()).entries).toMatchObject([{ id, resolvedAt: null }]);
  });

  it("counts each event once if several replays run, also events with neither key nor time", async () => {
    const trial = start();
    const click = { type: "click", amount: 1 };
    const id = await parked(trial, { client: "web", data: [click, click, click] });
    const replays = ["path", "code", "path"] as const;
    await Promise.all(replays.map((mapping) => trial.events.replay([id], { mapping })));
    expect(await total(trial)).toEqual([[3, "3"]]);
  });

  it("keeps the key of its batch: a resend counts nothing again", async () => {
    const trial = start();
    const click = { type: "click", amount: 1 };
    const raw = { client: "web", data: [click, click] };
    const id = await parked(trial, raw, { idempotencyKey: "b1" });
    expect(await trial.events.replay([id], { mapping: "path" })).toMatchObject({ processed: 2 });
    const resent = await trial.events.ingestMany([raw], { mapping: "path", idempotencyKeys: ["b1"] });
    expect(resent).toMatchObject({ duplicates: 2 });
  });

  it("loses no event if the process dies before the envelope is resolved", async () => {
    class DyingStore extends ScriptedStore {
      dies = true;
      override note(tenantId: string, attempts: readonly ReplayAttempt[], call: StoreCall): Promise<void> {
        return this.dies
          ? Promise.reject(new EvtError("EVT_RECORD_REFUSED", "down"))
          : super.note(tenantId, attempts, call);
      }
    }
    const store = new DyingStore();
    const trial = start(store);
    const id = await parked(trial, { ...envelope, data: [order(5), order(6)] });
    expect(await trial.events.replay([id], { mapping: "path" })).toMatchObject({ failed: 1, processed: 0 });
    store.dies = false;
    // the events are parked by now, and may be replayed before the envelope
    await trial.events.replayPage({ reason: "event_is_envelope", limit: 1 }, { mapping: "path" });
    await trial.events.replayPage({ reason: "event_is_envelope" }, { mapping: "path" });
    expect(await total(trial)).toEqual([[2, "11"]]);
    expect(await trial.events.reasons()).toEqual([]);
  });

  it("is unwrapped after an edit, which is called once", async () => {
    const trial = start();
    const id = await parked(trial, { client: "shop", total: 1, list: [order(5)] });
    let calls = 0;
    const edit = () => {
      calls++;
      return { client: "shop", data: [order(1), order(2)] };
    };
    expect(await trial.events.replay([id], { mapping: "path", edit })).toMatchObject({ processed: 2 });
    expect(calls).toBe(1);
  });

  it("stays parked if it cannot be unwrapped", async () => {
    const trial = start();
    const id = await parked(trial, { client: "shop", total: 1, list: [order(5)] });
    const broken = await parked(trial, { client: "shop", data: "x" });
    const { results } = await trial.events.replay([broken], { mapping: "path" });
    expect(results).toMatchObject([{ outcome: "rejected", issues: [{ code: "unwrap_failed" }] }]);
    for (const mapping of ["path", "code"] as const)
      expect((await trial.events.replay([id], { mapping })).results).toMatchObject([
        { outcome: "rejected", issues: [{ code: "event_is_envelope" }] },
      ]);
  });

  it("of no events is resolved", async () => {
    const trial = start();
    const id = await parked(trial, { client: "shop", total: 0, data: [] });
    expect((await trial.events.replay([id], { mapping: "path" })).results).toEqual([
      { parkedId: id, outcome: "unwrapped", parts: [] },
    ]);
    expect(await trial.events.reasons()).toEqual([]);
  });

  it("belongs to the vouched client, and an event that names another one is refused", async () => {
    const trial = start();
    const raw = { total: 2, data: [order(5), { ...order(6), clientId: "other" }] };
    const id = await parked(trial, raw, { clientId: "shop" });
    expect((await trial.events.replay([id], { mapping: "path" })).results).toMatchObject([
      {
        parts: [
          { outcome: "processed", event: { clientId: "shop" } },
          { outcome: "rejected", issues: [{ code: "client_id_mismatch" }] },
        ],
      },
    ]);
  });
});
