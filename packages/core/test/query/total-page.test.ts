import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import type { AggregationQuery } from "../../src/queries.js";
import { encodeTotalCursor } from "../../src/query/total-cursor.js";
import type { AggregateQuery } from "../../src/store.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";
import { walked } from "./any-totals.js";

/** Notes the queries that reach the store. */
class NotingStore extends MemoryStore {
  readonly queries: AggregateQuery[] = [];

  override aggregate(...[query, call]: Parameters<MemoryStore["aggregate"]>) {
    this.queries.push(query);
    return super.aggregate(query, call);
  }
}

async function started(amounts: Readonly<Record<string, string>>, limits = {}) {
  const store = new NotingStore();
  const evt = createEvt({ store, runtime: new FakeRuntime(), limits });
  const events = evt.tenant("acme");
  const raws = Object.entries(amounts).map(([client, amount], n) => ({
    ...{ client, metric: n % 2 === 0 ? "m" : "n", amount },
    ts: `2024-01-0${1 + (n % 3)}T12:00:00Z`,
  }));
  expect((await events.ingestMany(raws)).processed).toBe(raws.length);
  return { evt, events, store };
}

const AMOUNTS = { a: "9", b: "10", c: "-1", d: "9", e: "9.5", "😀": "0", "\ue000": "0" };
const BY_CLIENT = { groupBy: ["clientId"] } as const;

describe("aggregate, ordered", () => {
  it.each([
    [{}, ["a", "b", "c", "d", "e", "\ue000", "😀"]],
    [{ orderBy: "clientId", direction: "desc" }, ["😀", "\ue000", "e", "d", "c", "b", "a"]],
    [{ direction: "desc" }, ["😀", "\ue000", "e", "d", "c", "b", "a"]],
    [{ orderBy: "sum" }, ["b", "e", "a", "d", "\ue000", "😀", "c"]],
    [{ orderBy: "min", direction: "asc" }, ["c", "\ue000", "😀", "a", "d", "e", "b"]],
    [{ orderBy: "count" }, ["a", "b", "c", "d", "e", "\ue000", "😀"]],
  ] as [AggregationQuery, string[]][])(
    "sorts by %j, then by key, with and without a limit",
    async (order, sorted) => {
      const { events, store } = await started(AMOUNTS);
      const all = await events.aggregate({ ...BY_CLIENT, ...order });
      expect(all.rows.map(({ clientId }) => clientId)).toEqual(sorted);
      expect(all.nextCursor).toBeNull();
      const page = await events.aggregate({ ...BY_CLIENT, ...order, limit: 3 });
      expect(page.rows).toEqual(all.rows.slice(0, 3));
      expect(store.queries.map((query) => [query.limit, query.order !== undefined])).toEqual([
        [10_001, false],
        [4, true],
      ]);
    },
  );

  it("sorts by bucket first with an interval, and by any other value on request", async () => {
    const { events } = await started(AMOUNTS);
    const query = { ...BY_CLIENT, interval: "day", from: "2024-01-01", to: "2024-01-03" } as const;
    const shown = async (order: AggregationQuery) =>
      (await events.aggregate({ ...query, ...order, limit: 4 })).rows.map(
        ({ bucket, clientId }) => `${bucket?.slice(8, 10)} ${clientId}`,
      );
    expect(await shown({})).toEqual(["01 a", "01 d", "01 \ue000", "02 b"]);
    expect(await shown({ direction: "desc" })).toEqual(["03 c", "03 😀", "02 b", "02 e"]);
    expect(await shown({ orderBy: "sum" })).toEqual(["02 b", "02 e", "01 a", "01 d"]);
  });

  it("returns the one row without groups for any limit, and nothing after it", async () => {
    const { events } = await started({});
    const nothing = { unit: null, count: 0, sum: "0", average: null, min: null, max: null };
    const { rows, nextCursor } = await events.aggregate({ limit: 1, orderBy: "sum" });
    expect([rows, nextCursor]).toEqual([[nothing], null]);
    const order = { by: "bucket", direction: "asc" } as const;
    const selected = { tenantId: "acme", byClientId: false, byMetric: false };
    const filter = { ...selected, order, bucketCount: 1, interval: null, timeZone: "UTC" };
    const cursor = encodeTotalCursor(
      { bucket: 0, clientId: null, metric: null, unit: null, value: null },
      filter,
    );
    expect(await events.aggregate({ limit: 1, cursor })).toMatchObject({ rows: [], nextCursor: null });
  });
});

describe("pages of aggregate", () => {
  it.each([1, 2, 3, 6, 7, 8])("of %i contain each group once, and the last has no cursor", async (limit) => {
    const { events } = await started(AMOUNTS, { aggregationRows: 8 });
    for (const orderBy of ["sum", "clientId", "metric", "count"] as const) {
      const query = { groupBy: ["clientId", "metric"], orderBy, direction: "asc", limit } as const;
      const { rows: all } = await events.aggregate({ ...query, limit: undefined });
      const pages = await walked(query, (page) => events.aggregate(page));
      expect([pages.flatMap(({ rows }) => rows), pages.length]).toEqual([all, Math.ceil(7 / limit)]);
    }
  });

  it("exist for more groups than a result may have", async () => {
    const { events } = await started(AMOUNTS, { aggregationRows: 3 });
    await expect(events.aggregate(BY_CLIENT)).rejects.toMatchObject({
      code: "EVT_TOO_WIDE",
      message:
        "the result would have more than 3 rows; narrow the range, filter, group by less, or read pages with a limit",
    });
    const { rows, nextCursor } = await events.aggregate({ ...BY_CLIENT, limit: 3 });
    expect(rows).toHaveLength(3);
    expect(nextCursor).not.toBeNull();
    await expect(events.aggregate({ ...BY_CLIENT, limit: 4 })).rejects.toMatchObject({
      code: "EVT_INVALID_QUERY",
      parameter: "limit",
      message: "limit is 4; use a whole number from 1 to 3",
    });
  });

  it("belong to one query: with another query, tenant or client, a cursor is refused", async () => {
    const { evt, events } = await started(AMOUNTS);
    const query = { groupBy: ["clientId"], orderBy: "sum", limit: 1 } as const;
    const range = { from: "2024-01-01", to: "2024-01-03" };
    const { nextCursor } = await events.aggregate(query);
    const cursor = String(nextCursor);
    const refused = { code: "EVT_INVALID_QUERY", parameter: "cursor" };
    const others: AggregationQuery[] = [
      { orderBy: "count" },
      { orderBy: "clientId" },
      { direction: "asc" },
      { clientId: "a" },
      { metric: "m" },
      { groupBy: ["clientId", "metric"] },
      { from: "2024-01-01" },
      { to: "2024-01-03" },
      { timeZone: "Europe/Berlin" },
      { ...range, interval: "day" },
    ];
    for (const other of others)
      await expect(events.aggregate({ ...query, ...other, cursor })).rejects.toMatchObject(refused);
    await expect(evt.tenant("other").aggregate({ ...query, cursor })).rejects.toMatchObject(refused);
    const bound = evt.tenant("acme", { clientId: "a" });
    await expect(bound.aggregate({ ...query, cursor })).rejects.toMatchObject(refused);
    expect((await events.aggregate({ ...query, limit: 2, cursor })).rows).toHaveLength(2);
  });

  it("need a limit for a cursor", async () => {
    const { events } = await started(AMOUNTS);
    const { nextCursor } = await events.aggregate({ ...BY_CLIENT, limit: 1 });
    await expect(events.aggregate({ ...BY_CLIENT, cursor: String(nextCursor) })).rejects.toMatchObject({
      parameter: "cursor",
      message: "a cursor needs a limit; pass the limit of the page, too",
    });
  });
});
