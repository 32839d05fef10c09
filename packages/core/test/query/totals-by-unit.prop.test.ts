import { MemoryStore } from "@evt/store-memory";
import { describe, expect } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import type { StoredEvent } from "../../src/event.js";
import type { AggregationRow, GroupKey } from "../../src/queries.js";
import { DecimalFold } from "../../src/query/decimal.js";
import { canonicalAmount } from "../arbitraries.js";
import { fc, test } from "../properties.js";

const value = fc.constantFrom("a", "A", "b", "é", "__proto__");
const sent = fc.record(
  {
    client: fc.constantFrom("x", "y"),
    type: fc.constantFrom("m", "n"),
    amount: canonicalAmount,
    ts: fc.constantFrom("2024-01-01T00:00:00Z", "2024-01-01T23:59:59Z", "2024-01-02T00:00:00Z"),
    currency: fc.constantFrom("EUR", "USD", "eur"),
    plan: value,
    region: value,
  },
  { requiredKeys: ["client", "type", "amount", "ts"] },
);
const groupBy = fc.subarray<GroupKey>([
  "clientId",
  "metric",
  "dimension.plan",
  "dimension.region",
  "dimension.none",
]);
const filter = fc.record(
  {
    unit: fc.constantFrom("EUR", "eur", null),
    dimensions: fc.record({ plan: fc.option(value), region: fc.option(value) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
type Filter = Parameters<typeof matches>[1];

function matches(
  event: StoredEvent,
  {
    unit,
    dimensions = {},
  }: { readonly unit?: string | null; readonly dimensions?: Readonly<Record<string, string | null>> },
): boolean {
  if (unit !== undefined && event.unit !== unit) return false;
  return Object.entries(dimensions).every(([name, wanted]) => of(event, name) === wanted);
}

function of({ dimensions }: StoredEvent, name: string): string | null {
  return new Map(Object.entries(dimensions ?? {})).get(name) ?? null;
}

/** Adds up single events, one group after the other. */
function folded(events: readonly StoredEvent[], keys: readonly GroupKey[]): Map<string, DecimalFold> {
  const groups = new Map<string, DecimalFold>();
  for (const event of events) {
    const group = keys.map((key) =>
      key === "clientId" || key === "metric" ? event[key] : of(event, key.slice("dimension.".length)),
    );
    const name = JSON.stringify([...group, event.unit]);
    groups.set(name, (groups.get(name) ?? new DecimalFold()).add(event.amount));
  }
  return groups;
}

function nameOf(row: AggregationRow, keys: readonly GroupKey[]): string {
  const dimensions = new Map(Object.entries(row.dimensions ?? {}));
  const group = keys.map((key) =>
    key === "clientId" || key === "metric" ? row[key] : dimensions.get(key.slice("dimension.".length)),
  );
  return JSON.stringify([...group, row.unit]);
}

describe("totals by unit and dimension", () => {
  test.prop([fc.array(sent, { minLength: 1, maxLength: 30 }), groupBy, filter])(
    "equal the fold over the events that `list` returns with the same filter",
    async (raws, keys, some) => {
      const mapping = { dimensions: { plan: "plan", region: "region" }, unstamped: "count-each" } as const;
      const events = createEvt({ store: new MemoryStore(), mapping }).tenant("acme");
      await events.ingestMany(raws);
      const { entries } = await events.list({ limit: 1_000 });
      const expected = entries.filter((each): each is StoredEvent =>
        matches(each as StoredEvent, some as Filter),
      );
      const listed = await events.list({ ...some, limit: 1_000 });
      expect(listed.entries).toEqual(expected);

      const { rows, groupBy: by } = await events.aggregate({ groupBy: keys, ...some });
      const counted = rows.filter(({ count }) => count > 0);
      const groups = folded(expected, by);
      expect(counted.map((row) => nameOf(row, by)).sort()).toEqual([...groups.keys()].sort());
      for (const row of counted) {
        const { count, sum, min, max } = groups.get(nameOf(row, by)) as DecimalFold;
        expect(row).toMatchObject({ count, sum, min, max });
      }
      const paged: AggregationRow[] = [];
      let cursor: string | undefined;
      do {
        const page = await events.aggregate({ groupBy: keys, ...some, limit: 2, ...(cursor && { cursor }) });
        paged.push(...page.rows);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(paged).toEqual(rows);
    },
  );
});
