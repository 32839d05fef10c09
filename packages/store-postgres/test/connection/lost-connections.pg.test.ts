import { createEvt, type Evt, isEvtError } from "@evt/core";
import type { PgPool, PostgresStore } from "@evt/store-postgres";
import type pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { faultyProxy } from "../faulty-proxy.js";
import { type Fixture, fixture } from "../fixture.js";
import { again, counted, insert, patient, recordOf, recordsOf } from "../records.js";
import { until } from "../until.js";
import { COPY, type Hooks, WAYS, type WatchedClient, watched, withoutCopy } from "../watched-pool.js";
import { whileLocked } from "../while-locked.js";

/** An evt that retries without a pause. */
function impatient(store: PostgresStore): Evt {
  const evt = createEvt({ store, runtime: { random: () => 0 } });
  onTestFinished(() => evt.close());
  return evt;
}

async function watchedFixture(hooks: Hooks, way = (pool: PgPool) => pool, config: pg.PoolConfig = {}) {
  const seen: { now?: ReturnType<typeof watched> } = {};
  const wrap = (pool: pg.Pool): PgPool => {
    seen.now = watched(pool, hooks);
    return way(seen.now.pool);
  };
  const made = await fixture({ wrap, config });
  return { ...made, watched: seen.now! };
}

/** Ends the backend of a connection, and waits until the client has received the error. */
async function terminate(admin: pg.Pool, client: WatchedClient): Promise<void> {
  const ended = new Promise((resolve) => client.once("end", resolve));
  await admin.query("select pg_terminate_backend($1::int)", [client.processID]);
  await ended;
}

const isInsert = (text: string) => text === COPY || text.includes("string_agg(ordinal::text");
const isAsking = (text: string) => text.includes("differing");
const WAITING = "from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'";

/** Runs the function `what` with the PID of the backend that waits to insert. */
async function onceWaiting(
  { admin, schema }: Fixture,
  what: "pg_cancel_backend" | "pg_terminate_backend",
): Promise<void> {
  await until(admin, `select ${what}(pid) ${WAITING}`, [schema]);
}

describe.each(WAYS)("a connection that is terminated, inserting %s,", (_, way) => {
  it("while it is idle does not end the process, and the next call gets another connection", async () => {
    const { store, pool, admin, schema } = await fixture({ config: { max: 1 }, wrap: way });
    await insert(store, [recordOf()]);
    const removed = new Promise((resolve) => pool.once("remove", resolve));
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1", [
      schema,
    ]);
    await removed;
    expect(await insert(store, [recordOf()])).toEqual(["inserted"]);
  });

  it("while it inserts makes the outcome unknown, and is not returned to the pool", async () => {
    const made = await watchedFixture({}, way);
    await whileLocked(made, async () => {
      const inserting = made.store.insert([recordOf()], patient()).catch((error: unknown) => error);
      await onceWaiting(made, "pg_terminate_backend");
      expect(isEvtError(await inserting, "EVT_STORE_UNAVAILABLE")).toBe(true);
    });
    expect(made.watched.released).toEqual(["destroyed"]);
  });

  it("while it inserts is replaced, and the event is counted once", async () => {
    const made = await fixture({ wrap: way });
    const acme = impatient(made.store).tenant("acme");
    const ingesting: Promise<unknown>[] = [];
    await whileLocked(made, async () => {
      ingesting.push(acme.ingest({ client: "a", amount: 1 }));
      await onceWaiting(made, "pg_terminate_backend");
    });
    expect(await Promise.all(ingesting)).toMatchObject([{ outcome: "processed" }]);
    expect(await counted(made.store)).toBe(1);
  });
});

describe("a connection that is terminated", () => {
  it("after reading holders and before copying the rest has stored nothing; a retry stores everything", async () => {
    let terminations = 0;
    const hooks: Hooks = {
      afterQuery: async ({ text }, client) => {
        if (isAsking(text) && ++terminations === 1) await terminate(made.admin, client);
      },
    };
    const made = await watchedFixture(hooks);
    const known = recordOf();
    await insert(made.store, [known]);
    const records = [again(known), ...recordsOf(2)];
    const error = await made.store.insert(records, patient()).catch((reason: unknown) => reason);
    expect(isEvtError(error, "EVT_STORE_UNAVAILABLE")).toBe(true);
    expect(await counted(made.store)).toBe(1);
    expect(await insert(made.store, records)).toEqual(["taken", "inserted", "inserted"]);
    expect(made.watched.released.slice(0, 2)).toEqual(["kept", "destroyed"]);
  });

  it("between an insert's two statements makes the outcome unknown; a retry returns the same outcomes", async () => {
    let terminations = 0;
    const hooks: Hooks = {
      afterQuery: async ({ text }, client) => {
        if (!isInsert(text) || ++terminations !== 2) return;
        await terminate(made.admin, client);
      },
    };
    const made = await watchedFixture(hooks, withoutCopy);
    const known = recordOf();
    await insert(made.store, [known]);
    const records = [again(known), ...recordsOf(2)];
    const error = await made.store.insert(records, patient()).catch((reason: unknown) => reason);
    expect(isEvtError(error, "EVT_STORE_UNAVAILABLE")).toBe(true);
    expect(String(error)).toContain("the outcome of some records is unknown, and some may be stored");
    const outcomes = await made.store.insert(records, patient());
    const receipts = outcomes.map((outcome) => outcome.outcome === "taken" && outcome.claim.receiptId);
    expect(receipts).toEqual([known, records[1], records[2]].map((record) => record?.receiptId));
    expect(made.watched.released).toEqual(["kept", "destroyed", "kept"]);
    expect(await counted(made.store)).toBe(3);
  });
});

describe.each(WAYS)("an insert %s that is cancelled", (_, way) => {
  it("stores nothing, and its connection can be reused", async () => {
    const made = await watchedFixture({}, way, { max: 1 });
    await insert(made.store, [recordOf()]);
    await whileLocked(made, async () => {
      const inserting = made.store.insert([recordOf()], patient()).catch((error: unknown) => error);
      await onceWaiting(made, "pg_cancel_backend");
      expect(isEvtError(await inserting, "EVT_STORE_UNAVAILABLE")).toBe(true);
    });
    expect(made.watched.released).toEqual(["kept", "kept"]);
    expect(await counted(made.store)).toBe(1);
  });

  it("is retried, and the event is counted once", async () => {
    const made = await fixture({ wrap: way });
    const acme = impatient(made.store).tenant("acme");
    const ingesting: Promise<unknown>[] = [];
    await whileLocked(made, async () => {
      ingesting.push(acme.ingest({ client: "a", amount: 1 }));
      await onceWaiting(made, "pg_cancel_backend");
    });
    expect(await Promise.all(ingesting)).toMatchObject([{ outcome: "processed" }]);
    expect(await counted(made.store)).toBe(1);
  });
});

describe.each(WAYS)("an insert %s that waits too long", (_, way) => {
  it.each([
    // long enough for the insert that must succeed
    ["statement_timeout", 2_000, "EVT_STORE_UNAVAILABLE"],
    ["lock_timeout", 100, "EVT_STORE_CONTENDED"],
  ] as const)(
    "is ended by the pool's %s: nothing is stored, and a retry stores the event",
    async (setting, ms, code) => {
      const made = await fixture({ config: { [setting]: ms }, wrap: way });
      const record = recordOf();
      await whileLocked(made, async () => {
        const error = await made.store.insert([record], patient()).catch((reason: unknown) => reason);
        expect(isEvtError(error, code)).toBe(true);
      });
      expect(await insert(made.store, [record])).toEqual(["inserted"]);
    },
  );

  it("is failed and parked after the caller's timeout, and processed by a retry", async () => {
    const made = await fixture({ config: { lock_timeout: 20 }, wrap: way });
    const evt = createEvt({ store: made.store, retry: { attempts: 2 }, runtime: { random: () => 0 } });
    const acme = evt.tenant("acme");
    const event = { client: "a", amount: 1, eventId: "k" };
    await whileLocked(made, async () => {
      const { outcomes } = await acme.ingestMany([event]);
      expect(outcomes).toMatchObject([
        { outcome: "failed", kept: true, error: { code: "EVT_STORE_CONTENDED" } },
      ]);
      expect((await acme.list({ status: "failed" })).entries).toHaveLength(1);
    });
    expect((await acme.ingest(event)).outcome).toBe("processed");
    expect((await acme.list({ status: "failed" })).entries).toEqual([]);
    await evt.close();
  });
});

describe.each(WAYS)("a lost response, inserting %s,", (_, way) => {
  const events = ["k1", "k1", "k2"].map((eventId) => ({ client: "a", amount: 1, eventId }));
  const expected = ["processed", "duplicate", "processed"];

  it.each([
    ["after the insert took effect", ["lost response"]],
    ["before the insert took effect", ["lost request"]],
    ["three times", ["lost response", "lost request", "lost response"]],
  ] as const)(
    "%s does not change the outcomes: keys k1, k1, k2 are processed, duplicate, processed",
    async (_, faults) => {
      const proxy = await faultyProxy();
      const { store } = await fixture({ config: { connectionString: proxy.url }, wrap: way });
      const acme = impatient(store).tenant("acme");
      await acme.aggregate();
      proxy.next(...faults);
      const { outcomes } = await acme.ingestMany(events);
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(expected);
      expect(proxy.cuts).toBe(faults.length);
      expect((await acme.aggregate()).rows).toMatchObject([{ count: 2, sum: "2" }]);
      expect((await acme.ingestMany(events)).duplicates).toBe(3);
    },
  );

  it("to an event without a time is retried, and the event is processed once", async () => {
    const proxy = await faultyProxy();
    const { store } = await fixture({ config: { connectionString: proxy.url }, wrap: way });
    await store.ping(patient()); // checks the schema, so that the next statement is the first
    const acme = impatient(store).tenant("acme");
    proxy.next("lost response");
    const event = { client: "a", amount: 1 };
    expect(await acme.ingest(event)).toMatchObject({ outcome: "processed", identifiedBy: "window" });
    expect(proxy.cuts).toBe(1);
    expect((await acme.ingest(event)).outcome).toBe("duplicate");
    expect(await counted(store)).toBe(1);
  });

  it("to a parking adds an attempt, and the event is rejected once", async () => {
    const proxy = await faultyProxy();
    const { store } = await fixture({ config: { connectionString: proxy.url }, wrap: way });
    await store.ping(patient()); // checks the schema, so that the next statement is the first
    const acme = impatient(store).tenant("acme");
    proxy.next("lost response");
    expect((await acme.ingest({ client: "a" })).outcome).toBe("rejected");
    expect((await acme.list()).entries).toMatchObject([{ status: "rejected", attempts: 2 }]);
  });
});
