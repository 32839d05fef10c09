import { createEvt } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { fixture } from "../fixture.js";
import { again, failureOf, patient, recordOf, recordsOf, TENANT } from "../records.js";
import { WAYS, watched } from "../watched-pool.js";

const MIB = 2 ** 20;
/** Compresses to almost nothing, like an attacker's event. */
const rawOf = (bytes: number): string => `{"pad":"${"a".repeat(bytes - 10)}"}`;
const isHolders = (text: string) => text.includes("wanted as materialized");

describe.each(WAYS)("%s", (_, wrap) => {
  async function watchedStore() {
    const base = await fixture();
    const seen = watched(base.pool);
    return { seen, store: new PostgresStore({ pool: wrap(seen.pool), schema: base.schema }) };
  }

  it("twins of a large event need one lookup, which returns no raw JSON", async () => {
    const { seen, store } = await watchedStore();
    const large = recordOf({ rawJson: rawOf(4.5 * MIB) });
    await store.insert([large], patient());
    seen.asked.length = 0;
    const before = seen.receivedChars();
    const small = Array.from({ length: 60 }, () => again(large, { rawJson: "{}" }));
    const outcomes = await store.insert(small, patient());
    expect(outcomes).toHaveLength(60);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ outcome: "taken", event: { rawJson: null, rawOmitted: true } });
    expect(seen.asked.filter(isHolders)).toHaveLength(1);
    expect(seen.receivedChars() - before).toBeLessThan(2_000);
  });

  it("a resend's equal raw JSON is neither sent back nor omitted", async () => {
    const { seen, store } = await watchedStore();
    const large = recordOf({ rawJson: rawOf(MIB) });
    await store.insert([large], patient());
    const before = seen.receivedChars();
    const [outcome] = await store.insert([again(large)], patient());
    expect(outcome).toMatchObject({ outcome: "taken", event: { rawJson: large.rawJson } });
    expect(seen.receivedChars() - before).toBeLessThan(2_000);
  });

  it("a batch of small resends of many large events returns no raw JSON", async () => {
    const { seen, store } = await watchedStore();
    const large = recordsOf(20, { rawJson: rawOf(4.5 * MIB) });
    for (const record of large) await store.insert([record], patient());
    const before = seen.receivedChars();
    await store.insert(
      large.map((record) => again(record, { rawJson: "{}", amount: "2" })),
      patient(),
    );
    expect(seen.receivedChars() - before).toBeLessThan(20 * 1_000);
  });
});

describe("an evt", () => {
  const event = { clientId: "c", metric: "m", amount: 1, timestamp: "2026-01-01T00:00:00Z" };

  async function watchedEvents() {
    const base = await fixture();
    const seen = watched(base.pool);
    const evt = createEvt({ store: new PostgresStore({ pool: seen.pool, schema: base.schema }) });
    return { base, seen, events: evt.tenant(TENANT) };
  }

  it("shows the large event once among its twins, and reads it once", async () => {
    const { seen, events } = await watchedEvents();
    const keyed = { ...event, idempotencyKey: "k" };
    await events.ingest({ ...keyed, pad: "a".repeat(4.5 * MIB) });
    const before = seen.receivedChars();
    const report = await events.ingestMany(Array(60).fill(keyed));
    expect(report.duplicates).toBe(60);
    const shown = report.outcomes.map((outcome) => "event" in outcome && outcome.event);
    expect(shown.filter((each) => each && each.rawJson !== null)).toHaveLength(1);
    expect(shown.filter((each) => each && each.rawOmitted === true)).toHaveLength(59);
    expect(seen.receivedChars() - before).toBeLessThan(5 * MIB);
  });

  it("does not read raw JSON unless requested, in an ingest and in a preview", async () => {
    const { seen, events } = await watchedEvents();
    const keyed = { ...event, idempotencyKey: "k" };
    await events.ingest({ ...keyed, pad: "a".repeat(MIB) });
    const before = seen.receivedChars();
    await events.ingestMany([keyed, keyed], { raw: false });
    await events.preview([keyed, keyed], { raw: false });
    await events.list({ raw: false });
    expect(seen.receivedChars() - before).toBeLessThan(10_000);
  });

  it("walks pages that end because of their raw JSON, and skips without reading it", async () => {
    const { base, seen, events } = await watchedEvents();
    const sent = recordsOf(12, { rawJson: rawOf(1.5 * MIB) });
    for (const record of sent) await base.store.insert([record], patient());
    const walked: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const before = seen.receivedChars();
      const page = await events.list({ limit: 40, ...(cursor !== undefined && { cursor }) });
      expect(seen.receivedChars() - before).toBeLessThan(4.1 * MIB);
      walked.push(...page.entries.map(({ id }) => id));
      expect(page.entries.every(({ rawJson }) => rawJson !== null)).toBe(true);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(walked).toHaveLength(12);
    expect(new Set(walked)).toEqual(new Set(sent.map(({ id }) => id)));
    const before = seen.receivedChars();
    const { entries } = await events.list({ skip: 10, limit: 1 });
    expect(entries.map(({ id }) => id)).toEqual([walked[10]]);
    expect(seen.receivedChars() - before).toBeLessThan(4.1 * MIB);
  });

  it("replays many large parked events, a few at a time, and returns raw JSON for only a few", async () => {
    const { base, seen, events } = await watchedEvents();
    const pad = "a".repeat(1.5 * MIB);
    const parked = Array.from({ length: 12 }, (_, i) =>
      failureOf(recordOf(), {
        status: "rejected",
        rawJson: JSON.stringify({ ...event, idempotencyKey: `k${i}`, pad }),
      }),
    );
    for (const each of parked) await base.store.park([each], patient());
    let most = 0;
    let last = seen.receivedChars();
    const edit = (raw: unknown) => {
      most = Math.max(most, seen.receivedChars() - last);
      last = seen.receivedChars();
      return raw;
    };
    const ids = parked.map(({ id }) => id);
    const dry = await events.replay(ids, { dryRun: true, edit });
    expect(dry.processed).toBe(12);
    const report = await events.replayPage({ all: true }, { edit });
    expect(report).toMatchObject({ processed: 12, nextCursor: null });
    expect(most).toBeLessThan(4.1 * MIB);
    const shown = report.results.flatMap((result) => ("event" in result && result.event?.rawJson) || []);
    expect(shown.join("").length).toBeLessThan(4.1 * MIB);
  });
});
