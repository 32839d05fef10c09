import { createEvt } from "@evt/core";
import { maintain, retain } from "@evt/store-postgres";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { fixture } from "../../packages/store-postgres/test/fixture.js";
import { arrivedLongAgo } from "../../packages/store-postgres/test/upkeep/arrived-long-ago.js";
import { describeTraps } from "./traps.js";

const event = { clientId: "a", metric: "m", amount: "1", timestamp: "2026-01-01T00:00:00Z" };

// Time is injected: claims lapse by the injected time, not by Postgres's clock.
describeTraps("Postgres", { store: async () => (await fixture({ clock: "caller" })).store });

describe("traps that only a database has", () => {
  it("trap 11: a resend during retention is a duplicate, and so is a resend of a pruned event", async () => {
    const { admin, schema, store } = await fixture();
    const received = Date.parse("2026-01-15T12:00:00Z");
    const events = createEvt({ store, runtime: { now: () => received } }).tenant("acme");
    const raws = Array.from({ length: 50 }, (_, i) => ({ ...event, idempotencyKey: String(i) }));
    await events.ingestMany(raws);
    await arrivedLongAgo({ admin, schema });
    const [pruned, ...racing] = await Promise.all([
      retain(admin, { schema, before: "2026-02-01T00:00:00Z" }),
      ...raws.map((raw) => events.ingest(raw)),
    ]);
    expect(pruned.map((month) => month.events)).toEqual([50]);
    expect(racing.every(({ outcome }) => outcome === "duplicate")).toBe(true);
    expect(await events.ingest(raws[0])).toMatchObject({ outcome: "duplicate", event: null });
    expect((await events.aggregate()).rows).toMatchObject([{ count: 50 }]);
  });

  it("trap 17: paging during a slow transaction does not skip an acknowledged event", async () => {
    const { admin, schema, store } = await fixture();
    let now = Date.parse("2026-03-01T12:00:00Z");
    const events = createEvt({ store, runtime: { now: () => now } }).tenant("acme");
    const holder = await admin.connect();
    const early = Array.from({ length: 10 }, (_, i) => ({ ...event, idempotencyKey: `early ${i}` }));
    await events.ingestMany(early);
    await holder.query(`begin; lock table ${schema}.tally in share mode`);
    // received first and committed last
    const slow = events.ingest({ ...event, idempotencyKey: "slow" });
    now += 1_000;
    const first = await events.list({ limit: 4 });
    await holder.query("commit");
    holder.release();
    await slow;
    const rest = await events.list({ limit: 100, cursor: first.nextCursor ?? "" });
    const keys = [...first.entries, ...rest.entries].map(({ idempotencyKey }) => idempotencyKey ?? "");
    expect(keys.filter((key) => key.startsWith("early")).sort()).toEqual(
      early.map((each) => each.idempotencyKey).sort(),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("trap 24: a host that reads numerics as floats and times as dates does not change totals or microseconds", async () => {
    const numeric = pg.types.getTypeParser(1700);
    const timestamptz = pg.types.getTypeParser(1184);
    pg.types.setTypeParser(1700, Number.parseFloat);
    pg.types.setTypeParser(1184, (text) => new Date(text) as never);
    onTestFinished(() => {
      pg.types.setTypeParser(1700, numeric);
      pg.types.setTypeParser(1184, timestamptz);
    });
    const { admin, schema, store } = await fixture();
    const events = createEvt({ store }).tenant("acme");
    const timestamp = "2026-01-01T00:00:00.123456Z";
    await events.ingest({ ...event, amount: "9007199254740993.1", timestamp });
    await events.ingest({ ...event, amount: "0.2", timestamp });
    await maintain(admin, { schema });
    expect((await events.aggregate()).rows).toMatchObject([{ sum: "9007199254740993.3", count: 2 }]);
    expect((await events.list()).entries.map((entry) => entry.timestamp)).toEqual([timestamp, timestamp]);
  });
});
