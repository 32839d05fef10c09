import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import type { EvtTenant } from "../../src/evt-tenant.js";
import type { ClientsQuery, MetricsQuery } from "../../src/queries.js";

const CLIENTS = ["shop 1", "shop 10", "shop 2", "Shop", "büro", "shop😀", "shop\ue000"];
/** By code point. */
const SORTED = ["Shop", "büro", "shop 1", "shop 10", "shop 2", "shop\ue000", "shop😀"];

async function started() {
  const evt = createEvt({ store: new MemoryStore() });
  const whole = evt.tenant("acme");
  await whole.ingestMany(
    CLIENTS.map((clientId, n) => ({
      clientId,
      metric: n % 2 ? "click" : "order",
      amount: 1,
      timestamp: `2026-02-0${n + 1}T10:37:00Z`,
      eventId: n,
    })),
  );
  return { evt, whole, bound: evt.tenant("acme", { clientId: "shop 1" }) };
}

async function walk(events: EvtTenant, query: ClientsQuery): Promise<string[]> {
  const walked: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await events.clients({ ...query, cursor });
    walked.push(...page.clients.map(({ clientId }) => clientId));
    cursor = page.nextCursor;
  }
  return walked;
}

describe("clients and metrics", () => {
  it("have the names and quarter hours of the counted events", async () => {
    const { whole } = await started();
    await whole.ingest({ clientId: "parked", metric: "parked", amount: "x" });
    expect(await whole.clients({ limit: 1 })).toEqual({
      clients: [
        { clientId: "Shop", firstSeenAt: "2026-02-04T10:30:00.000Z", lastSeenAt: "2026-02-04T10:30:00.000Z" },
      ],
      nextCursor: expect.any(String),
    });
    expect(await whole.metrics()).toEqual({
      metrics: [
        { metric: "click", firstSeenAt: "2026-02-02T10:30:00.000Z", lastSeenAt: "2026-02-06T10:30:00.000Z" },
        { metric: "order", firstSeenAt: "2026-02-01T10:30:00.000Z", lastSeenAt: "2026-02-07T10:30:00.000Z" },
      ],
      nextCursor: null,
    });
    expect((await whole.metrics({ clientId: " shop 1 " })).metrics.map(({ metric }) => metric)).toEqual([
      "order",
    ]);
  });

  it.each([1, 2, 7, 8, 1_000])("are sorted by code point in pages of %i", async (limit) => {
    expect(await walk((await started()).whole, { limit })).toEqual(SORTED);
  });

  it("begin with exactly the prefix, which is not trimmed", async () => {
    const { whole } = await started();
    expect(await walk(whole, { prefix: "shop ", limit: 2 })).toEqual(["shop 1", "shop 10", "shop 2"]);
    expect(await walk(whole, { prefix: "SHOP" })).toEqual([]);
    expect((await whole.metrics({ prefix: "cl" })).metrics).toHaveLength(1);
  });

  it("are those of its client for a bound view", async () => {
    const { bound } = await started();
    expect(await walk(bound, {})).toEqual(["shop 1"]);
    expect(await walk(bound, { prefix: "shop 2" })).toEqual([]);
    for (const query of [{}, { clientId: "shop 1" }])
      expect((await bound.metrics(query)).metrics.map(({ metric }) => metric)).toEqual(["order"]);
    await expect(bound.metrics({ clientId: "shop 2" })).rejects.toMatchObject({
      code: "EVT_FORBIDDEN",
      parameter: "clientId",
    });
  });

  it.each([
    ["limit", { limit: 0 }],
    ["limit", { limit: 1_001 }],
    ["limit", { limit: "2" }],
    ["prefix", { prefix: "" }],
    ["prefix", { prefix: 7 }],
    ["prefix", { prefix: "a\0" }],
    ["prefix", { prefix: "\ud800" }],
    ["cursor", { cursor: "" }],
    ["cursor", { cursor: 7 }],
    ["cursor", { cursor: Buffer.from("shop 1 0123456789abcdef").toString("base64url") }],
    ["clientId", { clientId: "" }],
  ])("reject a wrong %s: %j", async (parameter, query) => {
    const { whole } = await started();
    const wrong = { code: "EVT_INVALID_QUERY", parameter };
    await expect(whole.metrics(query as MetricsQuery)).rejects.toMatchObject(wrong);
    if (parameter !== "clientId")
      await expect(whole.clients(query as ClientsQuery)).rejects.toMatchObject(wrong);
  });

  it("reject the cursor of another query, and an unknown option", async () => {
    const { whole, bound, evt } = await started();
    const { nextCursor: cursor } = await whole.clients({ limit: 1, prefix: "shop" });
    const wrong = { code: "EVT_INVALID_QUERY", parameter: "cursor" };
    expect((await whole.clients({ limit: 5, prefix: "shop", cursor: cursor ?? "" })).clients).toHaveLength(4);
    for (const call of [
      whole.clients({ limit: 1, cursor: cursor ?? "" }),
      whole.metrics({ limit: 1, prefix: "shop", cursor: cursor ?? "" }),
      bound.clients({ limit: 1, prefix: "shop", cursor: cursor ?? "" }),
      evt.tenant("globex").clients({ limit: 1, prefix: "shop", cursor: cursor ?? "" }),
    ])
      await expect(call).rejects.toMatchObject(wrong);
    await expect(whole.clients({ clientId: "a" } as never)).rejects.toThrow('no option "clientId"');
    await expect(whole.metrics({ clientid: "a" } as never)).rejects.toThrow('did you mean "clientId"?');
    await evt.close();
    await expect(whole.clients()).rejects.toMatchObject({ code: "EVT_CLOSED" });
    await expect(whole.metrics()).rejects.toMatchObject({ code: "EVT_CLOSED" });
  });
});
