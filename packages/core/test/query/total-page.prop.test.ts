import { MemoryStore } from "@evt/store-memory";
import { describe, expect } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";
import { fc, test } from "../properties.js";
import { anyPagedQuery, anySent, PLANS_MAPPING, sortedRows, walked } from "./any-totals.js";

describe("pages of aggregate", () => {
  test.prop([anySent, fc.array(anyPagedQuery, { minLength: 1, maxLength: 5 })])(
    "contain exactly the rows without a limit, in the order of a reference sort",
    async (sent, queries) => {
      const events = createEvt({
        store: new MemoryStore(),
        mapping: PLANS_MAPPING,
        runtime: new FakeRuntime(),
      }).tenant("acme");
      await events.ingestMany(sent.map((event, n) => ({ ...event, eventId: n })));
      for (const query of queries) {
        const { limit, ...unlimited } = query;
        const { rows: all } = await events.aggregate(unlimited);
        const pages = await walked(query, (page) => events.aggregate(page));
        expect(all).toEqual(sortedRows(all, query));
        expect(pages.flatMap(({ rows }) => rows)).toEqual(all);
        for (const { rows } of pages.slice(0, -1)) expect(rows).toHaveLength(limit);
      }
    },
  );
});
