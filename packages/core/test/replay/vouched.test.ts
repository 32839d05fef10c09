import { describe, expect, it } from "vitest";
import type { IngestManyOptions } from "../../src/calls.js";
import { createEvt } from "../../src/create-evt.js";
import { EvtError } from "../../src/evt-error.js";
import type { EvtOptions } from "../../src/evt-options.js";
import type { Mapping } from "../../src/normalize/mapping.js";
import type { ReplayReport } from "../../src/outcome.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";
import { ScriptedStore } from "../scripted-store.js";

const cost: Mapping = { fields: { amount: "cost" } };
const customer: Mapping = { fields: { clientId: "customer" }, defaults: { amount: "1" } };
const other: Mapping = { fields: { amount: "cost", idempotencyKey: "other" } };
const click = { metric: "click", cost: 1 };

function start(options: Partial<EvtOptions> = {}) {
  const store = new ScriptedStore();
  const runtime = new FakeRuntime();
  const evt = createEvt({ store, runtime, mappings: { cost, customer, other }, ...options });
  return { store, runtime, evt, events: evt.tenant("acme") };
}

type Trial = ReturnType<typeof start>;

async function parkedIds({ events }: Trial, raws: readonly unknown[], options: IngestManyOptions = {}) {
  const { outcomes } = await events.ingestMany(raws, options);
  return outcomes.map((outcome) => {
    if (!("parked" in outcome)) throw new Error(`${outcome.outcome} is not parked`);
    return outcome.parked.id;
  });
}

async function parkedId(trial: Trial, raw: unknown, options: IngestManyOptions = {}): Promise<string> {
  return (await parkedIds(trial, [raw], options))[0] ?? "";
}

async function clients({ events }: Trial) {
  const { rows } = await events.aggregate({ groupBy: ["clientId"] });
  return Object.fromEntries(rows.map(({ clientId, count }) => [clientId, count]));
}

const words = ({ results }: ReplayReport) => results.map(({ outcome }) => outcome);

describe("a rejected event", () => {
  it("is a separate parked event for each vouched client, and each counts", async () => {
    const trial = start();
    const a = await parkedId(trial, click, { clientId: "a" });
    const b = await parkedId(trial, click, { clientId: "b" });
    const nobody = await parkedId(trial, { ...click, clientId: "c" });
    expect(new Set([a, b, nobody]).size).toBe(3);
    expect((await trial.events.list({ clientId: "b" })).entries).toMatchObject([
      { id: b, attempts: 1, clientId: "b", vouchedClientId: "b" },
    ]);
    // also if nothing of the event could be read
    const unread = await parkedId(trial, "text", { clientId: "b" });
    expect(await trial.events.get(unread)).toMatchObject({ clientId: "b" });
    await trial.events.replay([unread], { edit: () => ({ ...click, amount: 1 }) });
    expect(await clients(trial)).toEqual({ b: 1 });
    expect(await trial.events.get(nobody)).toMatchObject({ vouchedClientId: null });
    await trial.events.replayPage({ all: true }, { mapping: "cost" });
    expect(await clients(trial)).toEqual({ a: 1, b: 2, c: 1 });
  });

  it("is a separate parked event for each given key, and each counts with its key", async () => {
    const trial = start();
    const ids = await parkedIds(trial, [click, click, click, click], {
      clientId: "a",
      idempotencyKeys: ["h1", "h2", "h1", null],
    });
    expect(new Set(ids).size).toBe(3);
    expect(ids[2]).toBe(ids[0]);
    await trial.events.replayPage({ all: true }, { mapping: "cost" });
    expect(await clients(trial)).toEqual({ a: 3 });
    const resent = await trial.events.ingestMany([click, click], {
      clientId: "a",
      mapping: "cost",
      idempotencyKeys: ["h1", "h2"],
    });
    expect(resent).toMatchObject({ duplicates: 2 });
  });

  it("sent again by the same caller with the same key is the same parked event", async () => {
    const trial = start();
    for (const options of [
      {},
      { clientId: "a" },
      { clientId: "a", idempotencyKeys: ["h"] },
      { idempotencyKey: "batch" },
    ]) {
      const first = await parkedId(trial, click, options);
      expect(await parkedId(trial, click, options)).toBe(first);
      expect(await trial.events.get(first)).toMatchObject({ attempts: 2 });
    }
  });

  it("keeps the given key even if no field of the event could be read", async () => {
    const trial = start({ selectMapping: () => "none" });
    const id = await parkedId(trial, { ...click, clientId: "a" }, { idempotencyKeys: ["h"] });
    expect(await trial.events.get(id)).toMatchObject({ idempotencyKey: "h", givenKey: { key: "h" } });
    await trial.events.replay([id], { mapping: "cost" });
    expect((await trial.events.list({ status: "processed" })).entries).toMatchObject([
      { idempotencyKey: "h", identifiedBy: "key" },
    ]);
  });

  it.each([["\ud800"], ["\0"], ["x".repeat(256)], [""], [1.5 as unknown as string]])(
    "with the unusable key %j is kept, apart from one with another",
    async (key) => {
      const trial = start();
      const options = { clientId: "a", idempotencyKeys: [key, "sound"] };
      const ids = await parkedIds(trial, [click, click], options);
      expect(new Set(ids).size).toBe(2);
      expect(await trial.events.get(ids[0] ?? "")).toMatchObject({ givenKey: { key: null } });
    },
  );

  it("is counted with the key that the mapping of the replay reads, as if it were sent again", async () => {
    const trial = start();
    const raws = [
      { ...click, clientId: "a", eventId: "same", other: "1" },
      { ...click, clientId: "a", eventId: "same", other: "2" },
      { ...click, clientId: "a", eventId: "same", cost: 2 },
    ];
    await parkedIds(trial, raws, { idempotencyKeys: [null, null, "given"] });
    expect(await trial.events.replayPage({ all: true }, { mapping: "other" })).toMatchObject({
      processed: 3,
    });
    const again = { mapping: "other", idempotencyKeys: [null, null, "given"] };
    expect(await trial.events.ingestMany(raws, again)).toMatchObject({ duplicates: 3 });
  });

  it("counts each receipt if its mapping says `count-each`", async () => {
    const trial = start({
      mapping: { unstamped: "count-each" },
      mappings: { cost: { ...cost, unstamped: "count-each" } },
    });
    const ids = await parkedIds(trial, [click, click], { clientId: "a" });
    ids.push(await parkedId(trial, click, { clientId: "a" }));
    expect(new Set(ids).size).toBe(3);
    expect(await trial.events.replayPage({ all: true }, { mapping: "cost" })).toMatchObject({ processed: 3 });
  });
});

describe("rejected events of a batch with a key", () => {
  const batch = { clientId: "a", idempotencyKey: "batch" };

  it("are counted completely, including twins, no matter how they are replayed", async () => {
    const raws = [click, click, { ...click, note: 1 }, { ...click, note: 2 }];
    for (const oneByOne of [false, true]) {
      const trial = start();
      const ids = await parkedIds(trial, raws, batch);
      expect(new Set(ids).size).toBe(4);
      const replay = (some: string[]) => trial.events.replay(some, { mapping: "cost" });
      const reports = oneByOne ? [] : [await replay(ids)];
      if (oneByOne) for (const id of ids.toReversed()) reports.push(await replay([id]));
      expect(reports.flatMap(words)).toEqual(Array(4).fill("processed"));
      expect(await clients(trial)).toEqual({ a: 4 });
      // what a resend of the batch would be without the replay
      const resent = await trial.events.ingestMany(raws, { ...batch, mapping: "cost" });
      expect(resent).toMatchObject({ duplicates: 4 });
    }
  });

  it("are not counted again if the batch was sent again and counted before the replay", async () => {
    const raws = [click, { ...click, note: 1 }, click];
    for (const oneByOne of [false, true]) {
      const trial = start();
      const ids = await parkedIds(trial, raws, batch);
      await trial.runtime.advance(1_000);
      const resent = await trial.events.ingestMany(raws, { ...batch, mapping: "cost" });
      expect(resent).toMatchObject({ processed: 3 });
      const dry = await trial.events.replay(ids, { mapping: "cost", dryRun: true });
      expect(words(dry)).toEqual(Array(3).fill("duplicate"));
      const calls = oneByOne ? ids.map((id) => [id]) : [ids];
      for (const some of calls) {
        const report = await trial.events.replay(some, { mapping: "cost" });
        expect(words(report)).toEqual(some.map(() => "duplicate"));
      }
      expect(await clients(trial)).toEqual({ a: 3 });
    }
  });

  it("are not counted again if the batch was counted before it was refused", async () => {
    const raws = [click, { ...click, note: 1 }, { ...click, note: 2 }, click];
    // with a budget of one character, each raw event but the first is left out, and read separately
    for (const rawChars of [1_000, 1]) {
      for (const oneByOne of [false, true]) {
        const trial = start({ limits: { rawChars } });
        expect(await trial.events.ingestMany(raws, { ...batch, mapping: "cost" })).toMatchObject({
          processed: 4,
        });
        await trial.runtime.advance(1_000);
        const ids = (await parkedIds(trial, raws, batch)).reverse();
        await trial.runtime.advance(1_000);
        const dry = await trial.events.replay(ids, { mapping: "cost", dryRun: true });
        expect(words(dry)).toEqual(Array(4).fill("duplicate"));
        for (const some of oneByOne ? ids.map((id) => [id]) : [ids]) {
          const report = await trial.events.replay(some, { mapping: "cost" });
          expect(words(report)).toEqual(some.map(() => "duplicate"));
        }
        expect(await clients(trial)).toEqual({ a: 4 });
      }
    }
  });

  it("are counted if there are more of them than were counted before", async () => {
    const trial = start();
    await trial.events.ingestMany([click], { ...batch, mapping: "cost" });
    await trial.runtime.advance(1_000);
    const ids = await parkedIds(trial, [{ ...click, note: 1 }, click, click], batch);
    const report = await trial.events.replay(ids, { mapping: "cost" });
    expect(words(report)).toEqual(["processed", "duplicate", "processed"]);
    expect(await clients(trial)).toEqual({ a: 3 });
  });

  it("are not confused with a resent event that has another raw event", async () => {
    const trial = start();
    const ids = await parkedIds(trial, [click, { ...click, note: 1 }], batch);
    await trial.runtime.advance(1_000);
    await trial.events.ingestMany([click], { ...batch, mapping: "cost" });
    expect(words(await trial.events.replay(ids, { mapping: "cost" }))).toEqual(["duplicate", "processed"]);
  });

  it("are each found once, no matter how many steps a replay takes", async () => {
    const trial = start();
    await trial.events.ingestMany([click], { ...batch, mapping: "cost" });
    await trial.runtime.advance(1_000);
    const ids = await parkedIds(trial, Array(150).fill(click), batch);
    for (const dryRun of [true, false]) {
      const report = await trial.events.replay(ids, { mapping: "cost", dryRun });
      expect(report).toMatchObject({ processed: 149, duplicates: 1 });
    }
    expect(await clients(trial)).toEqual({ a: 150 });
  });

  it("are not counted again if another host, whose clock is behind, counted them", async () => {
    const { store, events: ahead } = start({
      runtime: new FakeRuntime({ start: "2026-03-01T12:10:00.000Z" }),
    });
    const behind = createEvt({ store, mappings: { cost }, runtime: new FakeRuntime() }).tenant("acme");
    await ahead.ingestMany([click], batch);
    expect(await behind.ingestMany([click], { ...batch, mapping: "cost" })).toMatchObject({ processed: 1 });
    expect(await ahead.replayPage({ all: true }, { mapping: "cost" })).toMatchObject({
      processed: 0,
      duplicates: 1,
    });
  });

  it("are counted in addition to equal events of the batch that were counted directly", async () => {
    const trial = start();
    const raws = [{ ...click, amount: 1 }, click];
    const { outcomes } = await trial.events.ingestMany(raws, batch);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["processed", "rejected"]);
    const ids = [outcomes[1]?.id ?? ""];
    const dry = await trial.events.replay(ids, { mapping: "cost", dryRun: true });
    expect(words(dry)).toEqual(["processed"]);
    expect(words(await trial.events.replay(ids, { mapping: "cost" }))).toEqual(["processed"]);
    expect(await trial.events.ingestMany(raws, { ...batch, mapping: "cost" })).toMatchObject({
      duplicates: 2,
    });
  });

  it("are counted once each in concurrent replays", async () => {
    const trial = start();
    const ids = await parkedIds(trial, [click, { ...click, note: 1 }, click], batch);
    await Promise.all([...ids, ...ids].map((id) => trial.events.replay([id], { mapping: "cost" })));
    expect(await clients(trial)).toEqual({ a: 3 });
  });
});

describe("a replay checks the event against its vouched client", () => {
  const mismatch = [{ outcome: "rejected", issues: [{ code: "client_id_mismatch" }] }];

  it("when the mapping reads the client from another field", async () => {
    const trial = start();
    const id = await parkedId(trial, { customer: "b", metric: "m" }, { clientId: "a" });
    expect((await trial.events.replay([id], { mapping: "customer" })).results).toMatchObject(mismatch);
    expect((await trial.events.replayPage({ all: true }, { mapping: "customer" })).results).toMatchObject(
      mismatch,
    );
    expect(await clients(trial)).toEqual({});
  });

  it("when no field of it could be read", async () => {
    let mapping = "none";
    const trial = start({ selectMapping: () => mapping });
    const id = await parkedId(trial, { ...click, clientId: "b" }, { clientId: "a" });
    mapping = "cost";
    expect((await trial.events.replay([id])).results).toMatchObject(mismatch);
  });

  it("when it is edited", async () => {
    const trial = start();
    const id = await parkedId(trial, { ...click, clientId: "b" }, { clientId: "a" });
    const edit = (raw: unknown) => ({ ...(raw as object), amount: 1 });
    expect((await trial.events.replay([id], { edit })).results).toMatchObject(mismatch);
    const { clientId: _, ...nameless } = { ...click, clientId: "b", amount: 1 };
    expect((await trial.events.replay([id], { edit: () => nameless })).results).toMatchObject([
      { outcome: "processed", event: { clientId: "a" } },
    ]);
  });

  it("when it failed or was in conflict", async () => {
    const trial = start({ retry: { attempts: 1 }, mapping: {} });
    const raw = { ...click, customer: "b", amount: 1 };
    trial.store.script.push(() => () => Promise.reject(new EvtError("EVT_STORE_UNAVAILABLE", "down")));
    const failed = await parkedId(trial, raw, { clientId: "a" });
    await trial.events.ingest({ ...raw, amount: 2 }, { clientId: "a", idempotencyKey: "k" });
    const conflict = await parkedId(trial, raw, { clientId: "a", idempotencyKeys: ["k"] });
    for (const id of [failed, conflict]) {
      expect(await trial.events.get(id)).toMatchObject({ vouchedClientId: "a" });
      expect((await trial.events.replay([id], { mapping: "customer" })).results).toMatchObject(mismatch);
    }
  });

  it("when it was prepared for later and then in conflict", async () => {
    const trial = start();
    const raw = { customer: "b", metric: "click", amount: 1 };
    await trial.events.ingest({ ...raw, amount: 2 }, { clientId: "a", idempotencyKey: "k" });
    const prepared = trial.events.prepare([raw], { clientId: "a", idempotencyKeys: ["k"] });
    const kept = JSON.parse(JSON.stringify(prepared));
    const [outcome] = (await trial.evt.ingestPrepared(kept)).outcomes;
    const id = outcome?.outcome === "conflict" ? outcome.parked.id : "";
    expect(await trial.events.get(id)).toMatchObject({ vouchedClientId: "a" });
    expect((await trial.events.replay([id], { mapping: "customer" })).results).toMatchObject(mismatch);
  });

  it("except if the replay names a client: then it belongs to that one", async () => {
    const trial = start();
    const id = await parkedId(trial, { ...click, clientId: "b" }, { clientId: "a" });
    expect((await trial.events.replay([id], { mapping: "cost", clientId: "b" })).results).toMatchObject([
      { outcome: "processed", event: { clientId: "b" } },
    ]);
  });

  it("and chooses the mapping by that client, as when it was sent", async () => {
    const chosen: (string | undefined)[] = [];
    const trial = start({ selectMapping: (_, { clientId }) => void chosen.push(clientId) as undefined });
    const id = await parkedId(trial, click, { clientId: "a" });
    await trial.events.replay([id]);
    expect(chosen).toEqual(["a", "a"]);
  });
});

describe("an event that was parked by a version that stored neither client nor key", () => {
  const unrecorded = { vouchedClientId: null, givenKey: null } as const;

  async function asOnceParked(trial: Trial, raw: unknown, options: IngestManyOptions): Promise<string> {
    const entry = await trial.events.get(await parkedId(trial, raw, options));
    if (entry === null || entry.status === "processed") throw new Error("it is not parked");
    const id = "0".repeat(64);
    await trial.store.park([{ ...entry, ...unrecorded, id }], { signal: new AbortController().signal });
    return id;
  }

  it("keeps its client and its key", async () => {
    const trial = start();
    const id = await asOnceParked(trial, click, { clientId: "a", idempotencyKeys: ["h"] });
    expect((await trial.events.replay([id], { mapping: "cost" })).results).toMatchObject([
      { outcome: "processed", event: { clientId: "a", idempotencyKey: "h" } },
    ]);
  });

  it("is not counted for the client it wrongly named, and does not belong to it", async () => {
    const trial = start();
    const id = await asOnceParked(trial, { ...click, clientId: "b" }, { clientId: "a" });
    expect((await trial.events.replay([id], { mapping: "cost" })).results).toMatchObject([
      { outcome: "rejected", issues: [{ code: "client_id_mismatch" }] },
    ]);
    expect(await trial.evt.tenant("acme", { clientId: "b" }).get(id)).toBeNull();
    expect(await trial.evt.tenant("acme", { clientId: "b" }).list()).toMatchObject({ entries: [] });
  });
});
