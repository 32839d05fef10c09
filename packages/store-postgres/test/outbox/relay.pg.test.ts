import { createEvt, type EventRecord, EvtError, isEvtError, type Store } from "@evt/core";
import { failing } from "@evt/core/testing";
import { createOutbox, PostgresStore, type Relayed, retain } from "@evt/store-postgres";
import { describe, expect, it, onTestFinished } from "vitest";
import { testPool } from "../fixture.js";
import { TENANT } from "../records.js";
import { until } from "../until.js";
import { arrivedLongAgo } from "../upkeep/arrived-long-ago.js";
import { COPY, watched } from "../watched-pool.js";
import { whileLocked } from "../while-locked.js";
import {
  expectCounted,
  NOTHING,
  type OutboxFixture,
  order,
  orders,
  outboxFixture,
  transaction,
  unlocked,
  waiting,
} from "./outbox-fixture.js";

async function enqueued(made: OutboxFixture, events: readonly unknown[]): Promise<void> {
  await transaction(made, (client) => made.outbox.enqueue(client, TENANT, events));
}

/** Creates an outbox with its own pool, store and evt, as in another process. */
function another({ schema }: OutboxFixture) {
  const pool = testPool();
  const evt = createEvt({ store: new PostgresStore({ pool, schema }) });
  onTestFinished(() => evt.close());
  return createOutbox({ evt, pool, schema });
}

const sum = (drains: readonly Relayed[]) => drains.reduce((total, { counted }) => total + counted, 0);

describe("a long transaction", () => {
  it("does not block others, and its events are counted after it commits, however late", async () => {
    const made = await outboxFixture();
    const long = await made.admin.connect();
    await long.query("begin isolation level repeatable read");
    await made.outbox.enqueue(long, TENANT, orders(10));
    for (let round = 1; round <= 5; round++) {
      await enqueued(made, orders(1_000, round * 1_000));
      expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 1_000 });
    }
    expect((await made.evt.tenant(TENANT).ingest(order(0))).outcome).toBe("processed");
    await made.outbox.enqueue(long, TENANT, orders(10, 10));
    await long.query("commit");
    long.release();
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 19, duplicates: 1 });
    await expectCounted(made, 5_020);
  });

  it("does not block ingests, enqueueing of the same event, or vacuum", async () => {
    const made = await outboxFixture({ store: { config: { lock_timeout: 500 } } });
    const long = await made.admin.connect();
    await long.query("begin");
    await made.outbox.enqueue(long, TENANT, orders(10));
    const client = await made.pool.connect();
    await client.query("begin");
    await made.outbox.enqueue(client, TENANT, orders(10));
    await client.query("commit");
    await client.query(`vacuum ${made.schema}.outbox`);
    client.release();
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 10 });
    expect((await made.evt.tenant(TENANT).ingestMany(orders(10))).duplicates).toBe(10);
    await long.query("commit");
    long.release();
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, duplicates: 10 });
    await expectCounted(made, 10);
  });
});

describe.each([2, 4])("%i concurrent relays", (count) => {
  it("count each event exactly once", async () => {
    const made = await outboxFixture();
    const outboxes = Array.from({ length: count }, () => another(made));
    for (let chunk = 0; chunk < 10; chunk++) await enqueued(made, orders(1_000, chunk * 1_000));
    const drains = await Promise.all(outboxes.map((outbox) => outbox.relay({ limit: 10_000 })));
    drains.push(await made.outbox.relay());
    expect(sum(drains)).toBe(10_000);
    expect(await waiting(made)).toBe(0);
    await expectCounted(made, 10_000);
  });

  it("find events that are enqueued meanwhile", async () => {
    const made = await outboxFixture();
    const outboxes = Array.from({ length: count }, () => another(made));
    let done = false;
    const drains: Relayed[] = [];
    const draining = outboxes.map(async (outbox) => {
      while (!done) drains.push(await outbox.relay());
    });
    for (let n = 0; n < 60; n++)
      await transaction(
        made,
        (client) => made.outbox.enqueue(client, TENANT, orders(10, n * 10)),
        n % 3 === 2 ? "rollback" : "commit",
      );
    done = true;
    await Promise.all(draining);
    drains.push(await made.outbox.relay());
    expect(sum(drains)).toBe(400);
    await expectCounted(made, 400);
  });
});

describe("relay", () => {
  it("skips rows that another relay has locked, without waiting", async () => {
    const made = await outboxFixture();
    await enqueued(made, orders(10));
    const other = await made.admin.connect();
    await other.query(`begin; select from ${made.schema}.outbox order by id limit 4 for update`);
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 6 });
    await other.query("rollback");
    other.release();
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 4 });
  });

  it("parks a conflict with the differing fields", async () => {
    const made = await outboxFixture();
    await enqueued(made, [order(1), order(1, "2")]);
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 1, conflicts: 1 });
    const { entries } = await made.evt.tenant(TENANT).list({ status: "conflict" });
    expect(entries).toMatchObject([{ amount: "2", issues: [{ code: "amount_differs", path: "amount" }] }]);
  });

  it("takes at most `limit` events, and the next call continues after them", async () => {
    const made = await outboxFixture();
    await enqueued(made, orders(25));
    const counts: number[] = [];
    for (let time = 0; time < 4; time++) counts.push((await made.outbox.relay({ limit: 10 })).counted);
    expect(counts).toEqual([10, 10, 5, 0]);
  });

  it("loads at most a few megabytes at a time", async () => {
    const made = await outboxFixture();
    const large = orders(12).map((each) => ({ ...each, text: "x".repeat(1_000_000) }));
    for (const each of large) await enqueued(made, [each]);
    const sizes: number[] = [];
    const pool = watched(made.pool, {
      beforeQuery: ({ text, values }) => {
        if (text.startsWith("delete")) sizes.push(String(values?.[0]).split(",").length);
      },
    }).pool;
    const outbox = createOutbox({ evt: made.evt, pool, schema: made.schema });
    expect(await outbox.relay()).toEqual({ ...NOTHING, counted: 12 });
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5);
    expect(await waiting(made)).toBe(0);
  });

  it("runs concurrent calls one at a time, on one connection", async () => {
    const made = await outboxFixture({ store: { config: { max: 2 } } });
    await enqueued(made, orders(3_000));
    const drains = await Promise.all(Array.from({ length: 10 }, () => made.outbox.relay({ limit: 500 })));
    expect(sum(drains)).toBe(3_000);
  });

  it("ends when its signal fires, and leaves uncounted events in the outbox", async () => {
    const made = await outboxFixture({ evt: { timeoutMs: 600_000 } });
    await enqueued(made, orders(3));
    const controller = new AbortController();
    await whileLocked(made, async () => {
      const draining = made.outbox.relay(controller).catch((error: unknown) => error);
      await until(
        made.admin,
        "select from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'",
        [made.schema],
      );
      controller.abort();
      expect(isEvtError(await draining, "EVT_ABORTED")).toBe(true);
      expect(await waiting(made)).toBe(3);
    });
    await expect(made.outbox.relay({ signal: controller.signal })).rejects.toThrow("the caller aborted");
    await unlocked(made);
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 3 });
    await expectCounted(made, 3);
  });

  it("aborts a batch after its timeout", async () => {
    const made = await outboxFixture({ outbox: { timeoutMs: 100 }, evt: { timeoutMs: 600_000 } });
    await enqueued(made, orders(3));
    await whileLocked(made, async () => {
      const error = await made.outbox.relay().catch((reason: unknown) => reason);
      expect(isEvtError(error, "EVT_STORE_UNAVAILABLE") && String(error.cause)).toContain("within 100 ms");
    });
    const next = another(made);
    await unlocked(made);
    expect(await next.relay()).toEqual({ ...NOTHING, counted: 3 });
    await expectCounted(made, 3);
  });

  it("ends even if events are enqueued all the time: the next call counts the new ones", async () => {
    const made = await outboxFixture();
    let n = 10;
    await enqueued(made, orders(n));
    const { pool } = watched(made.pool, {
      afterQuery: async ({ text }) => {
        if (text === "commit" && n < 20) await enqueued(made, [order(n++)]);
      },
    });
    const outbox = createOutbox({ evt: made.evt, pool, schema: made.schema });
    expect(await outbox.relay()).toEqual({ ...NOTHING, counted: 10 });
    await made.outbox.relay();
    await expectCounted(made, n);
  });

  it("does not share inserts with other calls: an internal error of its events does not make them fail", async () => {
    const made = await outboxFixture();
    const isBad = ({ idempotencyKey }: EventRecord) => idempotencyKey === "order 1";
    const store = failingFor(made.store, isBad, new EvtError("EVT_INTERNAL", "a defect"));
    const evt = createEvt({ store, limits: { batchesInFlight: 1 } });
    const acme = evt.tenant(TENANT);
    await enqueued(made, [order(1)]);
    let isTaken: () => void = () => undefined;
    const taken = new Promise<void>((resolve) => {
      isTaken = resolve;
    });
    const { pool } = watched(made.pool, {
      afterQuery: ({ text }) => (text.startsWith("with held") ? isTaken() : undefined),
    });
    const ingesting: Promise<{ readonly outcome: string }>[] = [];
    let draining: Promise<unknown> | undefined;
    await whileLocked(made, async () => {
      ingesting.push(acme.ingest(order(2)));
      draining = createOutbox({ evt, pool, schema: made.schema }).relay();
      draining.catch(() => undefined);
      await taken;
      await new Promise((resolve) => setImmediate(resolve));
      ingesting.push(acme.ingest(order(3)));
    });
    expect((await Promise.all(ingesting)).map(({ outcome }) => outcome)).toEqual(["processed", "processed"]);
    await expect(draining).rejects.toThrow("a defect");
  });

  it("works with any session defaults, and may be idle while its events are counted", async () => {
    const made = await outboxFixture();
    await enqueued(made, orders(3));
    const defaults = "-c default_transaction_read_only=on -c default_transaction_isolation=serializable";
    const hostile = testPool({ options: defaults, idle_in_transaction_session_timeout: 20 });
    const evt = createEvt({ store: failing(made.store, "slow", { delayMs: 100 }) });
    const outbox = createOutbox({ evt, pool: hostile, schema: made.schema });
    expect(await outbox.relay()).toEqual({ ...NOTHING, counted: 3 });
    expect(await waiting(made)).toBe(0);
  });

  it("finds its rows by their index, regardless of the statistics", async () => {
    const made = await outboxFixture();
    await made.admin.query(`vacuum analyze ${made.schema}.outbox`);
    await enqueued(made, orders(5_000));
    const { pool } = watched(made.pool, {
      beforeQuery: async ({ text, values }, client) => {
        if (!text.startsWith("with held")) return;
        const { rows } = await client.query({ text: `explain ${text}`, values: values ?? [] });
        plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
      },
    });
    const plans: string[] = [];
    await createOutbox({ evt: made.evt, pool, schema: made.schema }).relay();
    expect(plans.length).toBeGreaterThan(2);
    for (const plan of plans) expect(plan).toContain("Index Scan using outbox_by_id");
  });

  it("refuses unknown options and invalid limits", async () => {
    const { outbox } = await outboxFixture();
    await expect(outbox.relay({ limt: 1 } as never)).rejects.toThrow('relay has no option "limt"');
    for (const limit of [0, -1, 1.5, Number.NaN, "1" as never])
      await expect(outbox.relay({ limit })).rejects.toThrow("it must be a whole number of at least 1");
  });

  it("throws after evt is closed, and leaves the rows in the outbox", async () => {
    const made = await outboxFixture();
    await enqueued(made, orders(3));
    await made.evt.close();
    const error = await made.outbox.relay().catch((reason: unknown) => reason);
    expect(isEvtError(error, "EVT_CLOSED")).toBe(true);
    await unlocked(made);
    expect(await another(made).relay()).toEqual({ ...NOTHING, counted: 3 });
  });
});

/** A store whose inserts fail for some records. */
function failingFor(store: Store, isBad: (record: EventRecord) => boolean, error: EvtError): Store {
  const insert: Store["insert"] = (records, call) =>
    records.some(isBad) ? Promise.reject(error) : store.insert(records, call);
  return new Proxy(store, {
    get: (target, name) => {
      if (name === "insert") return insert;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

describe("a row that cannot be counted", () => {
  const unavailable = new EvtError("EVT_STORE_UNAVAILABLE", "down");
  const isBad = ({ idempotencyKey }: EventRecord) => idempotencyKey === "order 1";

  it.each([
    ["is no JSON", "{"],
    ["has a later format", '{"format":2,"record":{},"provenance":{}}'],
    ["lacks properties of an event", '{"format":1,"record":{"tenantId":"acme"},"provenance":{}}'],
  ])("that %s is left in the outbox and reported, and does not hold up others", async (_, text) => {
    const made = await outboxFixture();
    await enqueued(made, [order(1)]);
    await made.admin.query(`insert into ${made.schema}.outbox (event) values ($1)`, [text]);
    await enqueued(made, [order(2)]);
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 2, unreadable: 1 });
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, unreadable: 1 });
    expect(await waiting(made)).toBe(1);
  });

  it("does not hold up others if a relay takes one row at a time", async () => {
    const made = await outboxFixture();
    await made.admin.query(`insert into ${made.schema}.outbox (event) values ('{')`);
    await enqueued(made, orders(2));
    const drains: Relayed[] = [];
    for (let time = 0; time < 4; time++) drains.push(await made.outbox.relay({ limit: 1 }));
    expect(drains.map(({ unreadable }) => unreadable)).toEqual([1, 0, 0, 1]);
    expect(sum(drains)).toBe(2);
  });

  it("is left in the outbox if the database fails; the relay throws, and the next one counts the event", async () => {
    let down = true;
    const made = await outboxFixture();
    const evt = createEvt({
      store: failingFor(made.store, () => down, unavailable),
      retry: { attempts: 1 },
    });
    const outbox = createOutbox({ evt, pool: made.pool, schema: made.schema });
    await enqueued(made, orders(3));
    const error = await outbox.relay().catch((reason: unknown) => reason);
    expect(isEvtError(error, "EVT_STORE_UNAVAILABLE")).toBe(true);
    expect(await waiting(made)).toBe(3);
    expect((await made.evt.tenant(TENANT).list()).entries).toEqual([]);
    down = false;
    await unlocked(made);
    expect(await outbox.relay()).toEqual({ ...NOTHING, counted: 3 });
    await expectCounted(made, 3);
  });

  it("that fails repeatedly does not hold up others, even if rows are taken one at a time", async () => {
    const made = await outboxFixture();
    const evt = createEvt({ store: failingFor(made.store, isBad, unavailable), retry: { attempts: 1 } });
    const outbox = createOutbox({ evt, pool: made.pool, schema: made.schema });
    await enqueued(made, orders(4));
    for (let time = 0; time < 6; time++) {
      await outbox.relay({ limit: 1 }).catch(() => undefined);
      await unlocked(made);
    }
    expect(await waiting(made)).toBe(1);
    await expectCounted(made, 3);
  });

  it("is left in the outbox and reported after an internal error, and the others are counted", async () => {
    const made = await outboxFixture();
    const defect = new EvtError("EVT_INTERNAL", "a defect");
    const evt = createEvt({ store: failingFor(made.store, isBad, defect) });
    const outbox = createOutbox({ evt, pool: made.pool, schema: made.schema });
    await enqueued(made, orders(100));
    await expect(outbox.relay()).rejects.toThrow("a defect");
    expect(await waiting(made)).toBe(1);
    await expectCounted(made, 99);
  });

  it("is counted in a new partition if its month was detached meanwhile", async () => {
    let now = Date.parse("2026-01-15T00:00:00Z");
    const made = await outboxFixture({ evt: { runtime: { now: () => now } } });
    await made.evt.tenant(TENANT).ingest(order(1));
    await enqueued(made, [order(2)]);
    await arrivedLongAgo(made);
    await retain(made.admin, { schema: made.schema, before: "2026-02-01T00:00:00Z", keepTables: true });
    now = Date.parse("2026-03-15T00:00:00Z");
    await enqueued(made, orders(10, 10));
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 11 });
    expect(await waiting(made)).toBe(0);
  });

  it("is not retried alone a thousand times if the role lacks a grant", async () => {
    const made = await outboxFixture();
    await enqueued(made, orders(1_000));
    await made.admin.query(`alter table ${made.schema}.event rename to event_elsewhere`);
    const { pool, asked } = watched(made.pool);
    const evt = createEvt({ store: new PostgresStore({ pool, schema: made.schema }) });
    const outbox = createOutbox({ evt, pool: made.pool, schema: made.schema });
    await expect(outbox.relay()).rejects.toThrow("check that migrate has run");
    expect(asked.filter((text) => text === COPY).length).toBeLessThan(40);
    await made.admin.query(`alter table ${made.schema}.event_elsewhere rename to event`);
    await unlocked(made);
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 1_000 });
  });
});

describe("relayEvery", () => {
  it("relays until it is stopped, and its last relay has then ended", async () => {
    const made = await outboxFixture();
    const drains: Relayed[] = [];
    const onError = (error: unknown) => expect.unreachable(String(error));
    await enqueued(made, orders(3));
    const told = new Promise<void>((resolve) => {
      const stop = made.outbox.relayEvery(1, {
        onError,
        onRelayed: (drained) => {
          drains.push(drained);
          void stop().then(resolve);
        },
      });
    });
    await told;
    expect(drains).toEqual([{ ...NOTHING, counted: 3 }]);
    await enqueued(made, orders(3, 3));
    expect(await waiting(made)).toBe(3);
  });

  it("does not begin the next batch if it is stopped between batches", async () => {
    const made = await outboxFixture();
    await enqueued(made, orders(5_000));
    let stopped: Promise<void> | undefined;
    const { pool } = watched(made.pool, {
      beforeQuery: ({ text }) => {
        if (text.startsWith("delete")) stopped ??= stop();
      },
    });
    const outbox = createOutbox({ evt: made.evt, pool, schema: made.schema });
    let stop: () => Promise<void> = () => Promise.resolve();
    const counted = await new Promise<number>((resolve, reject) => {
      stop = outbox.relayEvery(1, { onError: reject, onRelayed: (drained) => resolve(drained.counted) });
    });
    await stopped;
    expect(counted).toBeLessThan(5_000);
    expect(await waiting(made)).toBe(5_000 - counted);
  });

  it("reports an error and tries again", async () => {
    const made = await outboxFixture();
    await enqueued(made, orders(3));
    await made.admin.query(`alter table ${made.schema}.outbox rename to elsewhere`);
    const errors: unknown[] = [];
    const drained = await new Promise<Relayed>((resolve) => {
      const stop = made.outbox.relayEvery(1, {
        onError: (error) => {
          errors.push(error);
          if (errors.length === 2)
            void made.admin.query(`alter table ${made.schema}.elsewhere rename to outbox`);
          throw error;
        },
        onRelayed: (told) => void stop().then(() => resolve(told)),
      });
    });
    expect(errors.length).toBeGreaterThanOrEqual(2);
    expect(isEvtError(errors[0], "EVT_INTERNAL")).toBe(true);
    expect(drained).toEqual({ ...NOTHING, counted: 3 });
  });

  it("requires onError and an interval", async () => {
    const { outbox } = await outboxFixture();
    expect(() => outbox.relayEvery(1_000, {} as never)).toThrow("relayEvery needs onError");
    expect(() => outbox.relayEvery(0, { onError: () => undefined })).toThrow("ms is 0");
  });
});
