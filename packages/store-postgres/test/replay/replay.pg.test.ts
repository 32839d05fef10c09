import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createEvt, type EvtTenant } from "@evt/core";
import { compiled } from "@evt/programs";
import { PostgresStore, recount } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import { postgresUrl } from "../../../../test/setup/postgres-url.js";
import { type Fixture, fixture } from "../fixture.js";
import { until } from "../until.js";

const mappings = { mended: { fields: { amount: "cost" } } };
const PROGRAM = await compiled(new URL("./replay-until-killed.ts", import.meta.url), "sources");
const KILLS = depth(4, 12);
const PARKED = 1_500;

/** Parks events with an amount in an unknown field. Every third event has neither time nor key. */
async function parkMany(events: EvtTenant, count: number): Promise<void> {
  const raws = Array.from({ length: count }, (_, i) => ({
    clientId: `client ${i % 7}`,
    metric: "click",
    cost: i,
    ...(i % 3 === 0 && { timestamp: "2026-02-01T00:00:00Z" }),
    ...(i % 3 === 1 && { idempotencyKey: `key ${i}` }),
  }));
  const { rejected } = await events.ingestMany(raws);
  expect(rejected).toBe(count);
}

async function expectEachCountedOnce(events: EvtTenant, { admin, schema }: Fixture, count: number) {
  const sum = String((count * (count - 1)) / 2);
  expect(await events.aggregate()).toMatchObject({ rows: [{ count, sum }] });
  expect((await recount(admin, { schema, from: "2000-01-01", to: "2100-01-01" })).differences).toEqual([]);
  expect(await events.reasons()).toEqual([]);
  const { rows } = await admin.query(`
    select count(*)::int as attempts, count(distinct parked_id)::int as parked, count(distinct event_id)::int as events
      from ${schema}.replay where outcome = 'processed'`);
  expect(rows).toEqual([{ attempts: count, parked: count, events: count }]);
}

function startReplaying(schema: string, killAfterMs: number): ChildProcess {
  return spawn(process.execPath, [PROGRAM, postgresUrl(), schema, String(killAfterMs)], { stdio: "inherit" });
}

describe("replaying events parked in Postgres", () => {
  it("counts each once if its process is killed repeatedly", async () => {
    const made = await fixture();
    const events = createEvt({ store: made.store, mappings }).tenant("acme");
    await parkMany(events, PARKED);
    let cutShort = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const [, signal] = await once(startReplaying(made.schema, 20 + ((kill * 37) % 120)), "exit");
      if (signal === "SIGKILL") cutShort++;
    }
    expect(cutShort).toBeGreaterThan(0);
    for (let cursor: string | null | undefined; cursor !== null; )
      cursor = (await events.replayPage({ all: true, ...(cursor && { cursor }) }, { mapping: "mended" }))
        .nextCursor;
    await expectEachCountedOnce(events, made, PARKED);
  });

  it("counts each once if several calls replay the same events at the same time", async () => {
    const made = await fixture();
    const stores = [1, 2, 3].map(() => new PostgresStore({ pool: made.pool, schema: made.schema }));
    const tenants = stores.map((store) => createEvt({ store, mappings }).tenant("acme"));
    const [first] = tenants;
    if (first === undefined) return expect.fail("three stores");
    await parkMany(first, 300);
    const reports = await Promise.all(
      tenants.map((each) => each.replayPage({ all: true }, { mapping: "mended" })),
    );
    expect(reports.reduce((sum, { processed }) => sum + processed, 0)).toBe(300);
    expect(reports.every(({ failed, rejected, duplicates }) => failed + rejected + duplicates === 0)).toBe(
      true,
    );
    await expectEachCountedOnce(first, made, 300);
  });

  it("counts a batch's equal events once each if several calls replay them concurrently", async () => {
    const made = await fixture();
    const stores = [1, 2, 3].map(() => new PostgresStore({ pool: made.pool, schema: made.schema }));
    for (let round = 0; round < 10; round++) {
      const tenants = stores.map((store) => createEvt({ store, mappings }).tenant(`tenant ${round}`));
      const [first] = tenants;
      if (first === undefined) return expect.fail("three stores");
      const raws = Array.from({ length: 6 }, () => ({ clientId: "a", metric: "click", cost: 1 }));
      const batch = { idempotencyKey: "batch" };
      // in every other round, the batch was counted before it was refused
      if (round % 2 === 0) await first.ingestMany(raws, { ...batch, mapping: "mended" });
      const { outcomes } = await first.ingestMany(raws, batch);
      const ids = outcomes.map((outcome) => ("parked" in outcome ? outcome.parked.id : ""));
      const replays = tenants.flatMap((each) => ids.map((id) => each.replay([id], { mapping: "mended" })));
      for (const { failed, rejected, conflicts } of await Promise.all(replays))
        expect(failed + rejected + conflicts).toBe(0);
      expect(await first.aggregate()).toMatchObject({ rows: [{ count: 6 }] });
      expect(await first.reasons()).toEqual([]);
      const resent = await first.ingestMany(raws, { ...batch, mapping: "mended" });
      expect(resent).toMatchObject({ duplicates: 6 });
    }
  });

  it("creates the month's missing partition", async () => {
    const made = await fixture({ months: { monthsAhead: 0 } });
    const events = createEvt({ store: made.store, mappings }).tenant("acme");
    await parkMany(events, 3);
    const { processed } = await events.replayPage({ all: true }, { mapping: "mended" });
    expect(processed).toBe(3);
  });

  it("waits for a concurrent parking of the same event, and counts it", async () => {
    const made = await fixture();
    const events = createEvt({ store: made.store, mappings }).tenant("acme");
    await parkMany(events, 1);
    const holder = await made.admin.connect();
    await holder.query(`begin; update ${made.schema}.parked set attempts = attempts + 1`);
    const replaying = events.replayPage({ all: true }, { mapping: "mended" });
    await until(
      made.admin,
      "select from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'",
      [made.schema],
    );
    await holder.query("commit");
    holder.release();
    expect(await replaying).toMatchObject({ processed: 1 });
  });

  it("rejects an event that Postgres refuses, and counts the others", async () => {
    const made = await fixture();
    const events = createEvt({ store: made.store, mappings }).tenant("acme");
    await parkMany(events, 5);
    await made.admin.query(`alter table ${made.schema}.event add check (amount <> 3)`);
    const { results, processed, rejected } = await events.replayPage({ all: true }, { mapping: "mended" });
    expect({ processed, rejected }).toEqual({ processed: 4, rejected: 1 });
    const refused = results.find(({ outcome }) => outcome === "rejected");
    expect(refused).toMatchObject({ issues: [{ code: "refused_by_store" }] });
    expect(await events.history(refused?.parkedId ?? "")).toMatchObject([{ reasons: ["refused_by_store"] }]);
  });
});
