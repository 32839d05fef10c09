import { type EvtError, isEvtError } from "@evt/core";
import { createOutbox } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { TENANT } from "../records.js";
import {
  expectCounted,
  NOTHING,
  order,
  orders,
  outboxFixture,
  transaction,
  waiting,
} from "./outbox-fixture.js";

describe("events that are enqueued in a transaction", () => {
  it("are counted once after it commits", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    await transaction(made, async (client) => {
      await made.outbox.enqueue(client, TENANT, orders(2));
      expect(await made.outbox.relay()).toEqual(NOTHING);
    });
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 2 });
    expect(await made.outbox.relay()).toEqual(NOTHING);
    expect(await waiting(made)).toBe(0);
    await expectCounted(made, 2);
  });

  it("are not stored if it rolls back", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    await transaction(made, (client) => made.outbox.enqueue(client, TENANT, orders(2)), "rollback");
    expect(await made.outbox.relay()).toEqual(NOTHING);
    await expectCounted(made, 0);
  });

  it("are not stored if its connection is lost", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    const client = await made.admin.connect();
    await client.query("begin");
    await made.outbox.enqueue(client, TENANT, orders(2));
    client.release(true);
    expect(await made.outbox.relay()).toEqual(NOTHING);
    await expectCounted(made, 0);
  });

  it("are counted unless a rollback to a savepoint removed them", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    await transaction(made, async (client) => {
      await made.outbox.enqueue(client, TENANT, [order(1)]);
      await client.query("savepoint half");
      await made.outbox.enqueue(client, TENANT, [order(2)]);
      await client.query("rollback to savepoint half");
      await made.outbox.enqueue(client, TENANT, [order(3)]);
    });
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 2 });
    const { entries } = await made.evt.tenant(TENANT).list();
    expect(entries.map(({ idempotencyKey }) => idempotencyKey).sort()).toEqual(["order 1", "order 3"]);
  });

  it("are counted without a transaction as well", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    const client = await made.admin.connect();
    await made.outbox.enqueue(client, TENANT, [order(1)]);
    client.release();
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 1 });
  });

  it("are found by the returned IDs, with the time of enqueueing as `receivedAt`", async () => {
    let now = Date.parse("2026-03-01T12:00:00.000Z");
    const made = await outboxFixture({ evt: { runtime: { now: () => now } } });
    let ids: readonly string[] = [];
    await transaction(made, async (client) => {
      ids = await made.outbox.enqueue(client, TENANT, [order(1), { client: "shop", amount: 3 }]);
    });
    now += 86_400_000;
    await made.outbox.relay();
    const found = await Promise.all(ids.map((id) => made.evt.tenant(TENANT).get(id)));
    const receivedAt = "2026-03-01T12:00:00.000Z";
    expect(found).toMatchObject([
      { idempotencyKey: "order 1", receivedAt },
      { identifiedBy: "receipt", amount: "3", timestamp: receivedAt, receivedAt },
    ]);
  });

  it("of several tenants are each counted for their own tenant", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    await transaction(made, async (client) => {
      for (const tenantId of ["a", "b"]) await made.outbox.enqueue(client, tenantId, [order(1), order(2)]);
    });
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 4 });
    await expectCounted(made, 2, "a");
    await expectCounted(made, 2, "b");
  });

  it("with neither key nor timestamp are each counted", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    const click = { client: "page", metric: "click", amount: 1 };
    await transaction(made, async (client) => {
      await made.outbox.enqueue(client, TENANT, [click, click]);
      await made.outbox.enqueue(client, TENANT, [click]);
    });
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 3 });
    await expectCounted(made, 3);
  });

  it("are duplicates of the same events sent in other ways, earlier or later", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    const acme = made.evt.tenant(TENANT);
    await acme.ingest(order(1));
    await transaction(made, (client) => made.outbox.enqueue(client, TENANT, [order(1), order(2), order(2)]));
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 1, duplicates: 2 });
    expect((await acme.ingest(order(2))).outcome).toBe("duplicate");
    await expectCounted(made, 2);
  });

  it("accept every normalization option", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    const options = { clientId: "till", idempotencyKeys: ["k"], rawJson: ['{ "amount": 1 }'] };
    await transaction(made, (client) => made.outbox.enqueue(client, TENANT, [{ amount: 1 }], options));
    await made.outbox.relay();
    const expected = { clientId: "till", idempotencyKey: "k", rawJson: '{ "amount": 1 }' };
    expect((await made.evt.tenant(TENANT).list()).entries).toMatchObject([expected]);
  });

  it("can be thousands in one statement", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    await transaction(made, (client) => made.outbox.enqueue(client, TENANT, orders(10_000)));
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 10_000 });
    await expectCounted(made, 10_000);
  });
});

describe("enqueue", () => {
  it("throws if an event would be rejected, writes nothing, and leaves the transaction usable", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    await transaction(made, async (client) => {
      await made.outbox.enqueue(client, TENANT, [order(1)]);
      const bad = [order(2), { client: "shop", amount: "12abc" }];
      const error = await made.outbox.enqueue(client, TENANT, bad).catch((reason: unknown) => reason);
      expect(isEvtError(error, "EVT_INVALID_EVENT")).toBe(true);
      const issue = { index: 1, code: "amount_not_a_number", path: "amount" };
      expect((error as EvtError).issues).toMatchObject([issue]);
      expect(String(error)).toContain("1 of 2 events would be rejected; event 1: amount");
    });
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 1 });
  });

  it("throws Postgres's error in an aborted transaction", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    const client = await made.admin.connect();
    await client.query("begin");
    await client.query("select 1 / 0").catch(() => undefined);
    const error = await made.outbox.enqueue(client, TENANT, [order(1)]).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "25P02",
      message: expect.stringContaining("transaction is aborted"),
    });
    await client.query("rollback");
    client.release();
    expect(await made.outbox.relay()).toEqual(NOTHING);
  });

  it("refuses a pool, which would run the query outside the transaction, and other values", async () => {
    const { outbox, pool, admin, evt, schema } = await outboxFixture({ store: { reused: true } });
    for (const given of [pool, admin])
      await expect(outbox.enqueue(given as never, TENANT, [order(1)])).rejects.toThrow("not a pool");
    const bare = { ...pool, connect: () => pool.connect(), query: () => undefined } as never;
    const wrapped = createOutbox({ evt, pool: bare, schema });
    await expect(wrapped.enqueue(bare, TENANT, [order(1)])).rejects.toThrow("not a pool");
    await expect(outbox.enqueue({} as never, TENANT, [order(1)])).rejects.toThrow(TypeError);
    await expect(outbox.enqueue(undefined as never, TENANT, [order(1)])).rejects.toThrow(TypeError);
  });

  it("sends one query; for no events or too many, it sends none", async () => {
    const { outbox } = await outboxFixture({ store: { reused: true } });
    const asked: unknown[] = [];
    const client = {
      query: (query: { readonly text: string }) => {
        asked.push(query.text);
        return Promise.resolve({ rows: [] });
      },
    };
    expect(await outbox.enqueue(client, TENANT, [])).toEqual([]);
    expect(asked).toEqual([]);
    await expect(outbox.enqueue(client, TENANT, orders(10_001))).rejects.toThrow(
      "the call has 10001 events; the limit is 10000",
    );
    expect(asked).toEqual([]);
    await outbox.enqueue(client, TENANT, orders(3));
    expect(asked).toEqual([expect.stringMatching(/^insert into \S+ \(event\) values/)]);
  });
});

describe("values that Postgres refuses", () => {
  const poison = [
    { ...order(1), note: "\u0000 and \ud800" },
    { ...order(2), ["\u0000"]: "\\u0000 \\" },
    { ...order(3), idempotencyKey: "é☕𝒳\"'\\" },
    { ...order(4), nested: JSON.parse(`${"[".repeat(4_000)}${"]".repeat(4_000)}`) as unknown },
  ];

  it("do not make the transaction fail, and are counted as by an ingest", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    const ingested = await made.evt.tenant("other").ingestMany(poison);
    await transaction(made, (client) => made.outbox.enqueue(client, TENANT, poison));
    expect(await made.outbox.relay()).toMatchObject({ counted: ingested.processed });
    expect(ingested.processed).toBe(poison.length);
    const texts = async (tenantId: string) =>
      (await made.evt.tenant(tenantId).list()).entries.map(({ rawJson }) => rawJson).sort();
    expect(await texts(TENANT)).toEqual(await texts("other"));
  });

  it("only in raw JSON: the event is parked when it is relayed, and the others are counted", async () => {
    const made = await outboxFixture({ store: { reused: true } });
    const nested = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    await transaction(made, async (client) => {
      await made.outbox.enqueue(client, TENANT, [order(1)]);
      await made.outbox.enqueue(client, TENANT, [{ ...order(2), amount: 2 }], { rawJson: [nested] });
      await made.outbox.enqueue(client, TENANT, [order(3)]);
    });
    expect(await made.outbox.relay()).toEqual({ ...NOTHING, counted: 2, rejected: 1 });
    expect(await waiting(made)).toBe(0);
    const { entries } = await made.evt.tenant(TENANT).list({ status: "rejected" });
    expect(entries).toMatchObject([{ rawJson: nested, issues: [{ code: "refused_by_store" }] }]);
  });
});

it.each([
  [{}, "createOutbox needs an evt"],
  [{ evt: { ingestPrepared: () => undefined } }, "createOutbox needs a pool"],
  [{ evt: 1, pol: 2 }, 'createOutbox has no option "pol"'],
])("createOutbox refuses %j", (options, message) => {
  expect(() => createOutbox(options as never)).toThrow(message);
});
