import type { Entry } from "@evt/core/store";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EntryList } from "../src/entry-list.js";
import { parked } from "./sample.js";

const entry = fc
  .tuple(fc.nat({ max: 5 }), fc.nat({ max: 50 }))
  .map(([second, name]) => parked(`event ${name}`, { receivedAt: `2026-03-01T12:00:0${second}.000Z` }));

const entries = fc.uniqueArray(entry, { selector: ({ id }) => id, maxLength: 40 });
const ALL = { tenantId: "acme", statuses: ["rejected"] as const, limit: 1_000 };

function latestFirst(left: Entry, right: Entry): number {
  const [l, r] = [left, right].map(({ receivedAt, id }) => receivedAt + id);
  return (l ?? "") > (r ?? "") ? -1 : 1;
}

describe("EntryList", () => {
  it("lists the latest entry first, regardless of the order in which entries are added", () => {
    fc.assert(
      fc.property(entries, (all) => {
        const list = new EntryList();
        for (const one of all) list.put(one);
        expect(list.page(ALL).entries).toEqual([...all].sort(latestFirst));
      }),
    );
  });

  it("replaces an entry that is added again, and does not move other entries", () => {
    fc.assert(
      fc.property(entries, fc.nat(), (all, pick) => {
        const list = new EntryList();
        for (const one of all) list.put(one);
        const again = all.map((one, index) => (index === pick % all.length ? { ...one, attempts: 2 } : one));
        for (const one of again.filter(({ attempts }) => attempts === 2)) list.put(one);
        expect(list.page(ALL).entries).toEqual(again.sort(latestFirst));
      }),
    );
  });
});
