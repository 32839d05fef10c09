import { createEvt, type Evt } from "@evt/core";
import type { AggregateQuery } from "@evt/core/store";
import { MemoryStore } from "@evt/store-memory";
import { retain } from "@evt/store-postgres";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import {
  anyPagedQuery,
  anySent,
  PLANS_MAPPING,
  sortedRows,
  walked,
} from "../../../core/test/query/any-totals.js";
import { aggregateQuery } from "../../src/totals/aggregate-query.js";
import { createFixture, type Fixture, fixture } from "../fixture.js";
import { insert, patient, recordOf, TENANT } from "../records.js";
import { arrivedLongAgo } from "../upkeep/arrived-long-ago.js";
import { folded } from "./folded.js";

let made: Fixture;
let evt: Evt;
let memory: Evt;
beforeAll(async () => {
  made = await createFixture();
  evt = createEvt({ store: made.store, mapping: PLANS_MAPPING });
  memory = createEvt({ store: new MemoryStore(), mapping: PLANS_MAPPING });
});
afterAll(() => made.dispose());

it("pages equal the pages of the memory store and a reference sort, folded or not", async () => {
  let run = 0;
  const property = fc.asyncProperty(
    anySent,
    fc.array(anyPagedQuery, { minLength: 3, maxLength: 6 }),
    fc.constantFrom("nothing", "half", "all"),
    async (sent, queries, fold) => {
      const name = `run ${++run}`;
      const [events, expected] = [evt.tenant(name), memory.tenant(name)];
      const raws = sent.map((event, n) => ({ ...event, eventId: n }));
      const half = Math.ceil(raws.length / 2);
      await expected.ingestMany(raws);
      await events.ingestMany(raws.slice(0, half));
      if (fold !== "nothing") await folded(made);
      await events.ingestMany(raws.slice(half));
      if (fold === "all") await folded(made);
      for (const query of queries) {
        const { limit: _, ...unlimited } = query;
        const { rows: all } = await events.aggregate(unlimited);
        const pages = await walked(query, (page) => events.aggregate(page));
        expect(pages.flatMap(({ rows }) => rows)).toEqual(sortedRows(all, query));
        const others = await walked(query, (page) => expected.aggregate(page));
        const answeredFrom = query.groupBy.includes("dimension.plan") ? "events" : "rollups";
        expect(pages).toEqual(others.map((page) => ({ ...page, answeredFrom })));
      }
    },
  );
  await fc.assert(property, { numRuns: depth(25, 120) });
});

describe("a page of thousands of groups", () => {
  const GROUPS = 3_000;
  const query: AggregateQuery = { tenantId: "many", byClientId: true, byMetric: false, limit: 11 };
  beforeAll(async () => {
    const records = Array.from({ length: GROUPS }, (_, n) =>
      recordOf({ tenantId: "many", clientId: `client ${n}`, amount: String(n % 1_000) }),
    );
    await insert(made.store, records);
    await folded(made);
  });

  interface PlanNode {
    readonly "Node Type": string;
    readonly "Sort Method"?: string;
    readonly "Actual Rows": number;
    readonly Plans?: readonly PlanNode[];
  }

  async function planOf(asked: AggregateQuery): Promise<{ root: PlanNode; sorts: string[] }> {
    const { text, values = [] } = aggregateQuery(made.schema, asked);
    const { rows } = await made.pool.query(`explain (analyze, format json) ${text}`, [...values]);
    const root: PlanNode = rows[0]["QUERY PLAN"][0].Plan;
    const nodes = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodes)];
    return { root, sorts: nodes(root).flatMap((node) => node["Sort Method"] ?? []) };
  }

  it.each([
    ["sum", {}],
    ["count", {}],
    ["clientId", {}],
    ["max", { after: { bucket: 0, clientId: "client 998", metric: null, unit: null, value: "998" } }],
  ] as const)("by %s is cut off by a top-N sort, and only its rows leave Postgres", async (by, more) => {
    const { root, sorts } = await planOf({ ...query, ...more, order: { by, direction: "desc" } });
    expect(root["Actual Rows"]).toBe(11);
    expect(sorts).toContain("top-N heapsort");
  });

  it("needs no sort without an order", async () => {
    const { root, sorts } = await planOf(query);
    expect([root["Actual Rows"], sorts.includes("top-N heapsort")]).toEqual([11, false]);
  });

  it("continues by thousands until the last group", async () => {
    const order = { by: "sum", direction: "desc" } as const;
    const events = evt.tenant("many");
    const read = { groupBy: ["clientId"], orderBy: order.by, direction: order.direction } as const;
    const pages = await walked({ ...read, limit: 1_000 }, (page) => events.aggregate(page));
    expect(pages.map(({ rows }) => rows.length)).toEqual([1_000, 1_000, 1_000]);
    const clients = pages.flatMap(({ rows }) => rows.map(({ clientId }) => clientId));
    expect(new Set(clients).size).toBe(GROUPS);
    expect(clients.slice(0, 4)).toEqual(["client 1999", "client 2999", "client 999", "client 1998"]);
  });
});

it("a page whose range splits a quarter hour is ordered, and refused if its events were pruned", async () => {
  const spoilt = await fixture({ months: { now: new Date("2026-03-01T00:00:00Z"), monthsAhead: 3 } });
  const receivedAt = "2026-03-15T12:00:00.000Z";
  const times = ["2026-03-15T11:50:00.000Z", "2026-03-15T11:55:00.000Z", "2026-03-15T12:00:00.000Z"];
  await insert(
    spoilt.store,
    times.map((timestamp, n) => recordOf({ receivedAt, timestamp, clientId: `c${n}`, amount: `${n + 9}` })),
  );
  const query: AggregateQuery = {
    ...{ tenantId: TENANT, byClientId: true, byMetric: false, limit: 2 },
    ...{ from: "2026-03-15T11:52:00.000Z", order: { by: "sum", direction: "desc" } },
  };
  const clients = async (asked: AggregateQuery) =>
    (await spoilt.store.aggregate(asked, patient())).map(({ clientId }) => clientId);
  expect(await clients(query)).toEqual(["c2", "c1"]);
  await arrivedLongAgo(spoilt);
  await retain(spoilt.admin, { schema: spoilt.schema, before: "2026-04-01T00:00:00Z" });
  await expect(clients(query)).rejects.toMatchObject({ code: "EVT_PRUNED" });
  expect(await clients({ ...query, from: "2026-03-15T11:45:00.000Z" })).toEqual(["c2", "c1"]);
});
