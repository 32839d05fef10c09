import { createEvt, EvtError, isEvtError } from "@evt/core";
import { createOutbox, type PgPool, PostgresStore } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import { faultyProxy } from "../faulty-proxy.js";
import { testPool } from "../fixture.js";
import { TENANT } from "../records.js";
import { type Hooks, type WatchedClient, watched } from "../watched-pool.js";
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

const NESTED = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

/** Enqueues three events to count, a twin, a conflict, and an event that the database refuses. */
async function enqueueAll({ outbox, ...made }: OutboxFixture, tenantId: string): Promise<void> {
  await transaction(made, async (client) => {
    const click = { client: "page", metric: "order", amount: "1" };
    await outbox.enqueue(client, tenantId, [order(1), order(1), order(2), order(2, "9"), click]);
    await outbox.enqueue(client, tenantId, [order(3)], { rawJson: [NESTED] });
  });
}

/** Checks that every event has its expected outcome, regardless of earlier failures. */
async function expectSettled(made: OutboxFixture, tenantId: string): Promise<void> {
  expect(await waiting(made)).toBe(0);
  await expectCounted(made, 3, tenantId);
  const parked = await made.evt.tenant(tenantId).list({ status: ["conflict", "rejected", "failed"] });
  expect(parked.entries.map(({ status }) => status).sort()).toEqual(["conflict", "rejected"]);
}

const terminated = () => new Error("Connection terminated unexpectedly");

/** How the nth query fails. */
const WAYS: Readonly<Record<string, (isTarget: () => boolean) => Hooks>> = {
  "throws before it takes effect": (isTarget) => ({
    beforeQuery: async () => {
      if (isTarget()) throw terminated();
    },
  }),
  "takes effect and throws": (isTarget) => ({
    afterQuery: async () => {
      if (isTarget()) throw terminated();
    },
  }),
  "fails with a deadlock": (isTarget) => ({
    beforeQuery: async () => {
      if (isTarget()) throw Object.assign(new Error("deadlock"), { severity: "ERROR", code: "40P01" });
    },
  }),
  "never returns": (isTarget) => ({
    afterQuery: () => (isTarget() ? new Promise<never>(() => undefined) : undefined),
  }),
};

/** In the short form, each way of failing affects a quarter of the queries, and each query fails in one way. */
const STEP = depth(Object.keys(WAYS).length, 1);
const CASES = Object.entries(WAYS).map(([way, failing], n) => [way, failing, n % STEP] as const);

/** A query that never returns must end the relay soon. In all other ways, a busy machine must not end it. */
const timesOf = (way: string) =>
  way === "never returns"
    ? { evt: { timeoutMs: 200, parkTimeoutMs: 200 }, outbox: { timeoutMs: 800 } }
    : { evt: { timeoutMs: 20_000, parkTimeoutMs: 20_000 }, outbox: { timeoutMs: 60_000 } };

describe.each(CASES)("if any query of a relay %s", (way, failing, first) => {
  it("the next relay finds the rest, each event is counted once, and every connection is returned", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    let target = 1 + first;
    for (let reached = true; reached; target += STEP) {
      const tenantId = `run ${target}`;
      await enqueueAll(made, tenantId);
      let query = 0;
      const seen = watched(
        made.pool,
        failing(() => ++query === target),
      );
      const store = new PostgresStore({ pool: seen.pool, schema: made.schema });
      const times = timesOf(way);
      const evt = createEvt({ store, ...times.evt, retry: { attempts: 2 }, runtime: { random: () => 0 } });
      const outbox = createOutbox({ evt, pool: seen.pool, schema: made.schema, ...times.outbox });
      const error = await outbox.relay().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined) expect(isEvtError(error)).toBe(true);
      // on a busy machine, a relay may time out before it reaches the query
      reached = query >= target || error !== undefined;
      await unlocked(made);
      await made.outbox.relay();
      await evt.close();
      expect(seen.borrowed()).toBe(0);
      await expectSettled(made, tenantId);
    }
    expect(target).toBeGreaterThan(10);
  });
});

/** Wraps the pool so that some results contain other rows. */
function withRows(pool: PgPool, rowsOf: (text: string) => Record<string, unknown>[] | undefined): PgPool {
  return {
    on: (event, listener) => pool.on(event, listener),
    removeListener: (event, listener) => pool.removeListener(event, listener),
    connect: async () => {
      const client = await pool.connect();
      return {
        on: (event, listener) => client.on(event, listener),
        removeListener: (event, listener) => client.removeListener(event, listener),
        release: (destroy) => client.release(destroy),
        query: async (query) => {
          const result = await client.query(query);
          const rows = rowsOf(query.text);
          return rows === undefined ? result : { ...result, rows };
        },
      };
    },
  };
}

describe.each(["select max", "begin", "with held", "delete", "commit"])("a relay whose %s", (start) => {
  it.each([
    ["no row", []],
    ["an empty row", [{}]],
    ["nonsense", [{ id: "x", event: 1 }]],
  ])("returns %s neither loses an event nor counts it twice", async (_, rows) => {
    const made = await outboxFixture({ store: { reused: true } });
    await enqueueAll(made, TENANT);
    let once = true;
    const pool = withRows(made.pool, (text) => {
      if (!once || !text.startsWith(start)) return undefined;
      once = false;
      return rows;
    });
    const outbox = createOutbox({ evt: made.evt, pool, schema: made.schema });
    await outbox.relay().catch((error: unknown) => expect(isEvtError(error, "EVT_INTERNAL")).toBe(true));
    expect(once).toBe(false);
    await unlocked(made);
    await outbox.relay();
    await expectSettled(made, TENANT);
  });

  it.each(["lost request", "lost response"] as const)(
    "has a %s throws, and the next relay counts the rest",
    async (fault) => {
      const made = await outboxFixture({ store: { reused: true } });
      await enqueueAll(made, TENANT);
      const proxy = await faultyProxy();
      const remote = testPool({ connectionString: proxy.url, max: 1 });
      await remote.query("select");
      let once = true;
      const { pool } = watched(remote, {
        beforeQuery: ({ text }) => {
          if (!once || !text.startsWith(start)) return;
          once = false;
          proxy.next(fault);
        },
      });
      const outbox = createOutbox({ evt: made.evt, pool, schema: made.schema });
      const error = await outbox.relay().catch((reason: unknown) => reason);
      expect(isEvtError(error, "EVT_STORE_UNAVAILABLE")).toBe(true);
      expect(proxy.cuts).toBe(1);
      await unlocked(made);
      await outbox.relay();
      await expectSettled(made, TENANT);
    },
  );

  it("finds its connection terminated throws, and the next relay counts the rest", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    await enqueueAll(made, TENANT);
    let once = true;
    const end = async (client: WatchedClient) => {
      once = false;
      const ended = new Promise((resolve) => client.once("end", resolve));
      await made.admin.query("select pg_terminate_backend($1::int)", [client.processID]);
      await ended;
    };
    const { pool } = watched(testPool(), {
      beforeQuery: ({ text }, client) => (once && text.startsWith(start) ? end(client) : undefined),
    });
    const outbox = createOutbox({ evt: made.evt, pool, schema: made.schema });
    const error = await outbox.relay().catch((reason: unknown) => reason);
    expect(isEvtError(error, "EVT_STORE_UNAVAILABLE")).toBe(true);
    await unlocked(made);
    await outbox.relay();
    await expectSettled(made, TENANT);
  });
});

it("counts events once if a relay loses its row locks before it has finished", async () => {
  const made = await outboxFixture({ store: { reused: true } });
  await transaction(made, (client) => made.outbox.enqueue(client, TENANT, orders(500)));
  let others: unknown;
  const { pool } = watched(testPool(), {
    afterQuery: async ({ text }, client) => {
      if (others !== undefined || !text.startsWith("with held")) return;
      const ended = new Promise((resolve) => client.once("end", resolve));
      await made.admin.query("select pg_terminate_backend($1::int)", [client.processID]);
      await ended;
      // the rows are unlocked, and this relay still counts the rows that it has read
      others = made.outbox.relay();
    },
  });
  const outbox = createOutbox({ evt: made.evt, pool, schema: made.schema });
  await expect(outbox.relay()).rejects.toThrow(EvtError);
  expect(await others).toEqual({ ...NOTHING, counted: 500 });
  await expectCounted(made, 500);
});
