import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import type { Entry } from "../../src/event.js";
import type { EntryPage, EntryQuery, StoreCall } from "../../src/store.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";
import { ScriptedStore } from "../scripted-store.js";

const CHARS = 1_000;
const TIMEOUT_MS = 10_000;

const charsOf = (entries: readonly (Entry | null)[]) =>
  entries.reduce((sum, entry) => sum + (entry?.rawJson?.length ?? 0), 0);

/** A store that records the size of the raw events in each result. */
class MeasuredStore extends ScriptedStore {
  readonly read: number[] = [];
  onRead: () => void = () => undefined;

  override async get(tenantId: string, ids: readonly string[], call: StoreCall) {
    const entries = await super.get(tenantId, ids, call);
    this.read.push(charsOf(entries));
    this.onRead();
    return entries;
  }

  override async list(query: EntryQuery, call: StoreCall): Promise<EntryPage> {
    const page = await super.list(query, call);
    this.read.push(charsOf(page.entries));
    this.onRead();
    return page;
  }
}

async function start(count: number) {
  const store = new MeasuredStore();
  const runtime = new FakeRuntime();
  const evt = createEvt({ store, runtime, limits: { rawChars: CHARS }, timeoutMs: TIMEOUT_MS });
  const events = evt.tenant("acme");
  const sent = Array.from({ length: count }, (_, i) => ({
    clientId: "a",
    metric: "m",
    eventId: `k${i}`,
    cost: i,
    timestamp: "2026-02-01T00:00:00Z",
    pad: "x".repeat(i % 7 === 0 ? 2 * CHARS : 250),
  }));
  const { outcomes } = await events.ingestMany(sent);
  const ids = outcomes.map(({ id }) => id);
  const edit = (raw: unknown) => ({ ...(raw as object), amount: "1" });
  return { store, runtime, events, ids, edit };
}

describe("a replay of many large events", () => {
  it("by their ids holds few at a time, and returns a result for each", async () => {
    const { store, events, ids, edit } = await start(150);
    const unknown = "0".repeat(64);
    const report = await events.replay([...ids, unknown, "no id", ...ids.slice(0, 3)], { edit });
    expect(report).toMatchObject({ processed: 153, settled: 2, failed: 0 });
    expect(report.results.map(({ parkedId }) => parkedId)).toEqual([
      ...ids,
      unknown,
      "no id",
      ...ids.slice(0, 3),
    ]);
    expect(Math.max(...store.read)).toBeLessThanOrEqual(2.5 * CHARS);
    // reading all ids again after each step would be quadratic
    expect(store.read.length).toBeLessThan(150);
  });

  it("of a filter continues over pages up to its limit, and its cursor returns the rest", async () => {
    const { store, events, edit } = await start(60);
    const first = await events.replayPage({ all: true, limit: 40 }, { edit });
    expect(first.processed).toBe(40);
    expect(first.nextCursor).not.toBeNull();
    const rest = await events.replayPage(
      { all: true, limit: 40, cursor: String(first.nextCursor) },
      { edit },
    );
    expect(rest).toMatchObject({ processed: 20, nextCursor: null });
    expect(Math.max(...store.read)).toBeLessThanOrEqual(2.5 * CHARS);
  });

  it("shows raw events within the budget, and marks the rest", async () => {
    const { events, edit } = await start(30);
    const { results } = await events.replayPage({ all: true }, { edit });
    const shown = results.flatMap((result) => ("event" in result && result.event) || []);
    expect(shown).toHaveLength(30);
    expect(charsOf(shown)).toBeLessThan(3.5 * CHARS);
    for (const { rawJson, rawOmitted } of shown) expect(rawJson === null).toBe(rawOmitted === true);
  });

  it("of a filter ends when the time of a call has passed, and its cursor returns the rest", async () => {
    const { store, runtime, events, ids, edit } = await start(60);
    store.onRead = () => void runtime.advance(TIMEOUT_MS / 4);
    const report = await events.replayPage({ all: true }, { edit });
    expect(report.processed).toBeGreaterThan(0);
    expect(report.processed).toBeLessThan(ids.length);
    expect(report.nextCursor).not.toBeNull();
    let { processed, nextCursor } = report;
    while (nextCursor !== null) {
      const next = await events.replayPage({ all: true, cursor: nextCursor }, { edit });
      processed += next.processed;
      nextCursor = next.nextCursor;
    }
    expect(processed).toBe(ids.length);
  });

  it("by their ids fails the events for which its time is too short, and they can be replayed again", async () => {
    const { store, runtime, events, ids, edit } = await start(60);
    store.onRead = () => void runtime.advance(TIMEOUT_MS / 4);
    const report = await events.replay(ids, { edit });
    expect(report.results).toHaveLength(ids.length);
    expect(report.processed).toBeGreaterThan(0);
    expect(report.failed).toBe(ids.length - report.processed);
    store.onRead = () => undefined;
    let counted = report.processed;
    while (counted < ids.length) counted += (await events.replay(ids, { edit })).processed;
    expect((await events.aggregate()).rows[0]?.count).toBe(ids.length);
  });

  it.each([0, 1_001, "5", 1.5])("refuses a limit of %j", async (limit) => {
    const { events } = await start(1);
    await expect(events.replayPage({ all: true, limit: limit as number })).rejects.toMatchObject({
      code: "EVT_INVALID_QUERY",
    });
  });
});
