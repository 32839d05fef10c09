import { setTimeout as sleep } from "node:timers/promises";
import type { Store } from "@evt/core";
import type { AggregateRow, InsertOutcome } from "@evt/core/store";
import { describe, expect, it } from "vitest";
import { overriding } from "../../packages/http/test/overriding.js";
import { fixture } from "../../packages/store-postgres/test/fixture.js";
import { postgresStopped } from "../src/faults/f05-postgres-stopped.js";
import { randomFrom } from "../src/harness/random.js";
import { Tally } from "../src/harness/tally.js";
import { newEvents } from "../src/history/sent-event.js";
import { backendOf } from "../src/rig/backends.js";
import { onRig } from "../src/rig/rig.js";
import { underTraffic } from "../src/rig/under-traffic.js";
import { sendAll, serve, verdictOf } from "./in-process.js";

const INSERTED: InsertOutcome = { outcome: "inserted" };
const SOUND = { lost: [], twice: [], unexpected: [], totalsExact: true };

describe("the checker finds nothing wrong", () => {
  it("with a correct store, if forty senders send the same events at the same time", async () => {
    const made = await fixture();
    const url = await serve(made.store);
    const history = await sendAll(url, Array(40).fill(newEvents(3, "sound")));
    expect(await verdictOf(history, made, url)).toEqual(SOUND);
  });
});

describe("the checker turns red", () => {
  it("without a unique index: events are counted twice", async () => {
    const made = await fixture();
    await made.admin.query(`alter table ${made.schema}.claim drop constraint claim_pkey`);
    const url = await serve(made.store);
    const events = newEvents(3, "unindexed");
    // one after the other: concurrent batches would share an insert, which finds its own twins
    await sendAll(url, [events]);
    const history = await sendAll(url, [events]);
    expect((await verdictOf(history, made, url)).twice).not.toEqual([]);
  });

  it("if responses come before the COMMIT: a killed server loses acknowledged events", async () => {
    const made = await fixture();
    let killed = false;
    const hasty = overriding<Store>(made.store, {
      insert: async (records, call) => {
        const insert = () => void (killed || made.store.insert(records, call).catch(() => undefined));
        setTimeout(insert, 60_000).unref();
        return records.map(() => INSERTED);
      },
    });
    const history = await sendAll(await serve(hasty), [newEvents(5, "hasty")]);
    killed = true;
    const verdict = await verdictOf(history, made, await serve(made.store));
    expect(verdict.lost).toHaveLength(5);
  });

  it("if a row's error is ignored and the rest is committed: the row is lost", async () => {
    const made = await fixture();
    await made.admin.query(`alter table ${made.schema}.event add check (amount <> 13)`);
    const swallowing = overriding<Store>(made.store, {
      insert: async (records, call) => {
        for (const record of records) await made.store.insert([record], call).catch(() => undefined);
        return records.map(() => INSERTED);
      },
    });
    const url = await serve(swallowing);
    const events = newEvents(5, "swallowed").map((event, i) => ({ ...event, amount: String(11 + i) }));
    const history = await sendAll(url, [events]);
    expect((await verdictOf(history, made, url)).lost).toHaveLength(1);
  });

  it("if duplicates are looked up before the insert: two calls that look at the same time both insert", async () => {
    const made = await fixture();
    await made.admin.query(`alter table ${made.schema}.claim drop constraint claim_pkey`);
    let looked = 0;
    const looking = overriding<Store>(made.store, {
      insert: async (records, call) => {
        const holders = await made.store.holders(records, call);
        // wait until the other call has looked too
        looked++;
        for (let waited = 0; looked < 2 && waited < 30_000; waited += 5) await sleep(5);
        const free = records.filter((_, i) => holders[i] === null);
        await made.store.insert(free, call);
        return holders.map((holder) => (holder == null ? INSERTED : { outcome: "taken", ...holder }));
      },
    });
    // two servers, because one would put both calls into one insert
    const urls = [await serve(looking), await serve(looking)];
    const events = newEvents(20, "looked up");
    const histories = await Promise.all(urls.map((url) => sendAll(url, [events])));
    const verdicts = await Promise.all(
      histories.map((history, i) => verdictOf(history, made, urls[i] ?? "")),
    );
    expect(verdicts.flatMap(({ twice }) => twice)).not.toEqual([]);
  });

  it("if totals change in a second transaction: a failed second transaction leaves them wrong", async () => {
    const made = await fixture();
    let moved: readonly AggregateRow[] = [];
    let moves = 0;
    const trailing = overriding<Store>(made.store, {
      insert: async (records, call) => {
        const outcomes = await made.store.insert(records, call);
        const all = { tenantId: records[0]?.tenantId ?? "", byClientId: true, byMetric: true, limit: 1_000 };
        // the third time, the second transaction does not run
        if (++moves < 3) moved = await made.store.aggregate(all, call);
        return outcomes;
      },
      aggregate: async () => moved,
    });
    const url = await serve(trailing);
    for (let i = 0; i < 2; i++) await sendAll(url, [newEvents(3, "before")]);
    const history = await sendAll(url, [newEvents(3, "after")]);
    expect((await verdictOf(history, made, url)).totalsExact).toBe(false);
  });

  it("with synchronous_commit off and an immediate stop of Postgres: the last acknowledged events are lost", async () => {
    const settings = { synchronous_commit: "off", wal_writer_delay: "10s" };
    const context = { rounds: 1, seed: 1, random: randomFrom(1), say: () => undefined };
    const sound = await postgresStopped.run(context);
    expect([sound.lost, sound.twice, sound.unexpected, sound.failures]).toEqual([0, 0, 0, []]);
    const figures = await underTraffic(context, {
      settings,
      // otherwise the tables would be lost too
      prepare: async (rig) => void (await rig.admin("checkpoint")),
      fault: async ({ rig, traffic }) => {
        await traffic.settled(50);
        await rig.database.stopAtOnce();
        await rig.database.startAgain();
        return performance.now();
      },
    });
    expect(figures.lost).toBeGreaterThan(0);
  });

  it("if a borrowed client has no error listener: the server ends, but was not the target", async () => {
    const program = new URL("./unheard-server.ts", import.meta.url);
    const run = onRig({ program }, async (rig) => {
      await rig.round(new Tally(), async (traffic) => {
        for (let i = 0; i < 20; i++) {
          await backendOf(rig, "idle", "pg_terminate_backend");
          await traffic.settled(1);
        }
        return null;
      });
    });
    await expect(run).rejects.toThrow("but was not the target");
  });
});
