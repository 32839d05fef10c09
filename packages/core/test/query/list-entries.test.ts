import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import type { EvtTenant } from "../../src/evt-tenant.js";
import type { ListQuery } from "../../src/queries.js";
import { encodeCursor } from "../../src/query/cursor.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";

async function started(count: number): Promise<{ events: EvtTenant; runtime: FakeRuntime }> {
  const runtime = new FakeRuntime();
  const events = createEvt({ store: new MemoryStore(), runtime }).tenant("acme");
  for (let i = 0; i < count; i++) {
    await events.ingest({
      client: i % 2 ? "odd" : "even",
      metric: `m${i % 3}`,
      amount: i,
      ts: `2024-01-${String(i + 1).padStart(2, "0")}`,
    });
    await runtime.advance(i % 4 === 0 ? 0 : 1);
  }
  return { events, runtime };
}

async function walk(events: EvtTenant, query: ListQuery): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await events.list(cursor === null ? query : { ...query, cursor });
    ids.push(...page.entries.map((entry) => entry.id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}

describe("a filter", () => {
  it.each(["clientId", "metric", "reason"])(
    "of %s that no store can hold is refused with its name",
    async (name) => {
      const { events } = await started(1);
      for (const value of ["\0", "a\0", "\ud800", "a\udfffb"]) {
        const refusal = expect.objectContaining({ code: "EVT_INVALID_QUERY", parameter: name });
        await expect(events.list({ [name]: value })).rejects.toEqual(refusal);
        await expect(events.replayPage({ [name]: value })).rejects.toEqual(refusal);
        if (name === "reason") continue;
        await expect(events.aggregate({ [name]: value })).rejects.toEqual(refusal);
        await expect(events.reasons({ [name]: value })).rejects.toEqual(refusal);
      }
      expect((await events.list({ [name]: "😀" })).entries).toEqual([]);
    },
  );
});

describe("a cursor", () => {
  it("that is forged for another tenant shows nothing of it", async () => {
    const evt = createEvt({ store: new MemoryStore(), runtime: new FakeRuntime() });
    for (const tenantId of ["mine", "theirs"])
      await evt.tenant(tenantId).ingest({ client: tenantId, amount: 1, metric: "m", ts: "2024-01-01" });
    const [theirs] = (await evt.tenant("theirs").list()).entries;
    const statuses = ["processed", "rejected", "conflict", "failed"] as const;
    const at = { receivedAt: theirs?.receivedAt ?? "", id: "f".repeat(64) };
    const cursor = encodeCursor(at, { tenantId: "mine", statuses });
    const { entries } = await evt.tenant("mine").list({ cursor });
    expect(entries.map(({ clientId }) => clientId)).toEqual(["mine"]);
    await expect(evt.tenant("theirs").list({ cursor })).rejects.toThrow(/another filter/);
  });
});

describe("list", () => {
  it("returns every entry once, the latest received first, for any page size", async () => {
    const { events } = await started(20);
    const all = (await events.list()).entries;
    expect(all).toHaveLength(20);
    expect(all.map((entry) => entry.receivedAt)).toEqual(
      all
        .map((entry) => entry.receivedAt)
        .sort()
        .reverse(),
    );
    for (const limit of [1, 3, 7, 20, 1000])
      expect(await walk(events, { limit })).toEqual(all.map((entry) => entry.id));
  });

  it("returns a cursor only if a page follows", async () => {
    const { events } = await started(4);
    expect((await events.list({ limit: 4 })).nextCursor).toBeNull();
    expect((await events.list({ limit: 3 })).nextCursor).not.toBeNull();
  });

  it("skips, alone and after a cursor", async () => {
    const { events } = await started(10);
    const ids = (await events.list()).entries.map((entry) => entry.id);
    expect((await events.list({ skip: 4, limit: 3 })).entries.map((entry) => entry.id)).toEqual(
      ids.slice(4, 7),
    );
    const { nextCursor } = await events.list({ limit: 2 });
    expect(
      (await events.list({ cursor: nextCursor as string, skip: 2, limit: 3 })).entries.map(
        (entry) => entry.id,
      ),
    ).toEqual(ids.slice(4, 7));
    expect(await events.list({ skip: 100 })).toEqual({ entries: [], nextCursor: null });
    expect((await walk(events, { skip: 1, limit: 4, clientId: "even" })).length).toBeGreaterThan(0);
  });

  it("filters by client, metric, status and event time, half open", async () => {
    const { events } = await started(10);
    await events.ingest({ client: "odd", amount: "x" });
    const count = async (query: ListQuery) => (await events.list(query)).entries.length;
    expect(await count({ clientId: "odd" })).toBe(6);
    expect(await count({ clientId: "odd", status: "processed" })).toBe(5);
    expect(await count({ status: ["rejected", "failed"] })).toBe(1);
    expect(await count({ metric: "m0" })).toBe(4);
    expect(await count({ status: "processed", from: "2024-01-02", to: "2024-01-04T00:00:00Z" })).toBe(2);
    expect(await count({ status: "processed", from: "2024-01-02", to: "2024-01-04" })).toBe(3);
    expect(await count({ from: "2024-01-02", to: "2024-01-04", timeZone: "America/New_York" })).toBe(3);
    // the time of a parked event without a readable timestamp is its receipt
    expect(await count({ status: "rejected", from: "2026-03-01", to: "2026-03-01" })).toBe(1);
    expect(await count({ from: new Date("2024-01-02"), to: new Date("2024-01-02") })).toBe(0);
  });

  it.each([
    [{ limit: 0 }, "limit"],
    [{ limit: 1001 }, "limit"],
    [{ limit: 1.5 }, "limit"],
    [{ skip: -1 }, "skip"],
    [{ skip: 10_001 }, "skip"],
    [{ status: "lost" }, "status"],
    [{ status: [] }, "status"],
    [{ clientId: "" }, "clientId"],
    [{ metric: 7 }, "metric"],
    [{ from: "yesterday" }, "from"],
    [{ to: "2024-02-30" }, "to"],
    [{ from: "2024-01-02", to: "2024-01-01T00:00Z" }, "from"],
    [{ timeZone: "Nowhere" }, "timeZone"],
    [{ cursor: "abc" }, "cursor"],
    [{ cursor: "" }, "cursor"],
    [{ cursor: Buffer.from("2024-13-45T99:00:00.000Z x y").toString("base64url") }, "cursor"],
  ])("refuses %o and names it", async (query, parameter) => {
    const { events } = await started(0);
    await expect(events.list(query as ListQuery)).rejects.toMatchObject({
      code: "EVT_INVALID_QUERY",
      parameter,
    });
  });

  it("refuses a cursor of another filter, and of another tenant", async () => {
    const { events } = await started(4);
    const { nextCursor } = await events.list({ limit: 1 });
    const cursor = nextCursor as string;
    await expect(events.list({ cursor, clientId: "odd" })).rejects.toMatchObject({
      parameter: "cursor",
      message: expect.stringContaining("another filter"),
    });
    const stranger = createEvt({ store: new MemoryStore() }).tenant("other");
    await expect(stranger.list({ cursor })).rejects.toMatchObject({ parameter: "cursor" });
    expect((await events.list({ cursor, limit: 500 })).entries).toHaveLength(3);
  });

  it("refuses an unknown option", async () => {
    const { events } = await started(0);
    await expect(events.list({ client: "x" } as never)).rejects.toThrow(TypeError);
  });
});

describe("get", () => {
  it("finds an event by its id, and returns null for anything else", async () => {
    const { events } = await started(1);
    const [entry] = (await events.list()).entries;
    const known = entry?.id ?? "";
    expect(await events.get(known)).toEqual(entry);
    for (const id of ["", "x", "0".repeat(64), known.toUpperCase(), null as never])
      expect(await events.get(id)).toBeNull();
  });
});
