import { describe, expect, it } from "vitest";
import { createEvt, evtWith } from "../../src/create-evt.js";
import type { Evt } from "../../src/evt.js";
import { Identifier } from "../../src/identity/identifier.js";
import { sha256Hex } from "../../src/identity/sha256.js";
import { rawHash } from "../../src/ingest/raw-hash.js";
import type { Mapping } from "../../src/normalize/mapping.js";
import type { IngestReport } from "../../src/outcome.js";
import type { Store } from "../../src/store.js";
import { failing } from "../../src/testing/failing-store.js";

const sale = { client: "shop", type: "order", amount: 5, ts: "2024-01-01T00:00:00Z" };
const euros = { ...sale, currency: "EUR" };
const dollars = { ...sale, currency: "USD" };
const batch = { idempotencyKey: "b1" };
const mapping: Mapping = { dimensions: { plan: "plan" } };

const names = ({ outcomes }: IngestReport) => outcomes.map(({ outcome }) => outcome);

/** A schema that accepts only the events with this `n`. */
const only = (n: number) => ({
  "~standard": {
    version: 1 as const,
    vendor: "test",
    validate: (value: unknown) =>
      (value as { readonly n: number }).n === n ? { value } : { issues: [{ message: "another" }] },
  },
});

async function counts(evt: Evt): Promise<Readonly<Record<string, number>>> {
  const { rows } = await evt.tenant("acme").aggregate();
  return Object.fromEntries(rows.map(({ unit, count }) => [unit ?? "none", count]));
}

/** Tests identities with units and dimensions over any store, also after an upgrade from a version without them. */
export function describeUnits(name: string, newStore: () => Promise<Store>): void {
  describe(`units and dimensions in identities (${name})`, () => {
    it("make equal content different events", async () => {
      const store = await newStore();
      const evt = createEvt({ store, mapping });
      const events = evt.tenant("acme");
      const sent = [sale, euros, dollars, { ...euros, plan: "pro" }, { ...euros, plan: "free" }];
      expect(names(await events.ingestMany(sent))).toEqual(Array(5).fill("processed"));
      expect(names(await events.ingestMany(sent.toReversed()))).toEqual(Array(5).fill("duplicate"));
      for (const each of sent) expect(await events.ingest(each)).toMatchObject({ outcome: "duplicate" });
      expect(await counts(evt)).toEqual({ none: 1, EUR: 3, USD: 1 });
    });

    it("are compared if events have the same key", async () => {
      const events = createEvt({ store: await newStore(), mapping }).tenant("acme");
      const keyed = { ...euros, plan: "pro", eventId: "k" };
      await events.ingest(keyed);
      expect(await events.ingest(keyed)).toMatchObject({ outcome: "duplicate" });
      expect(await events.ingest({ ...keyed, currency: "USD" })).toMatchObject({
        outcome: "conflict",
        issues: [
          {
            code: "unit_differs",
            path: "currency",
            message: 'unit is "USD"; the event that holds the identity has "EUR"',
          },
        ],
      });
      const { currency: _, plan: __, ...bare } = keyed;
      expect(await events.ingest(bare)).toMatchObject({
        outcome: "conflict",
        issues: [
          { code: "unit_differs", path: "" },
          {
            code: "dimension_differs",
            path: "",
            message: 'dimension.plan is absent; the event that holds the identity has "pro"',
          },
        ],
      });
    });

    it("are not compared if the key decides", async () => {
      const options = { store: await newStore(), mapping: { ...mapping, key: "decides" } } as const;
      const events = createEvt(options).tenant("acme");
      await events.ingest({ ...euros, eventId: "k" });
      expect(await events.ingest({ ...dollars, plan: "pro", eventId: "k" })).toMatchObject({
        outcome: "duplicate",
        event: { unit: "EUR", dimensions: null },
      });
    });

    it("are stored, parked and replayed", async () => {
      const store = await newStore();
      const evt = createEvt({ store, mapping });
      const events = evt.tenant("acme");
      const raw = { ...euros, plan: "pro", ts: "nonsense" };
      const { id } = await events.ingest(raw);
      expect(await events.get(id)).toMatchObject({
        status: "rejected",
        unit: "EUR",
        dimensions: { plan: "pro" },
      });
      const edit = () => ({ ...raw, ts: sale.ts });
      const { results } = await events.replay([id], { edit });
      expect(results).toMatchObject([
        { outcome: "processed", event: { unit: "EUR", dimensions: { plan: "pro" } } },
      ]);
      expect(await counts(evt)).toEqual({ EUR: 1 });
    });
  });

  describe(`events that were counted before units were read (${name})`, () => {
    /** An evt as it was before units: its claims have version 1. */
    const before = (store: Store, further: Mapping = {}) =>
      evtWith(
        { store, mapping: { ...further, fields: { unit: [] } } },
        new Identifier(sha256Hex, rawHash, 1),
      ).tenant("acme");

    it("are duplicates when they are sent again", async () => {
      const store = await newStore();
      const visit = { client: "shop", type: "visit", amount: 1, currency: "EUR" };
      const sent = [sale, { ...euros, amount: 6, plan: "pro" }, { ...euros, eventId: "k" }, visit];
      const twins = [visit, { ...visit, currency: "USD" }, { ...visit, currency: null }, visit];
      const old = before(store);
      expect(names(await old.ingestMany(sent))).toEqual(Array(4).fill("processed"));
      expect(names(await old.ingestMany(twins, batch))).toEqual(Array(4).fill("processed"));

      const evt = createEvt({ store, mapping });
      const events = evt.tenant("acme");
      expect(await events.preview(sent)).toMatchObject(Array(4).fill({ outcome: "duplicate" }));
      expect(names(await events.ingestMany(sent))).toEqual(Array(4).fill("duplicate"));
      expect(names(await events.ingestMany(twins, batch))).toEqual(Array(4).fill("duplicate"));
      for (const each of sent) expect(await events.ingest(each)).toMatchObject({ outcome: "duplicate" });
      expect((await events.list({ status: "conflict" })).entries).toEqual([]);
      expect(await counts(evt)).toEqual({ none: 8 });
    });

    it("are merged with an event of another unit, which is parked and reported", async () => {
      const store = await newStore();
      await before(store).ingest(euros);
      const evt = createEvt({ store });
      const events = evt.tenant("acme");
      expect(await events.preview([dollars])).toMatchObject([
        { outcome: "duplicate", differs: ["currency"] },
      ]);
      expect(await events.ingest(dollars)).toMatchObject({ outcome: "duplicate", differs: [] });
      expect((await events.list({ reason: "raw_differs" })).entries).toMatchObject([{ unit: "USD" }]);
      expect(await counts(evt)).toEqual({ none: 1 });
    });

    it("do not hold the identities of new events", async () => {
      const store = await newStore();
      const evt = createEvt({ store, mapping });
      const events = evt.tenant("acme");
      expect(names(await events.ingestMany([sale, euros]))).toEqual(["processed", "processed"]);
      const later = { ...sale, amount: 6 };
      expect(await events.ingest({ ...later, plan: "pro" })).toMatchObject({ outcome: "processed" });
      expect(await events.ingest(later)).toMatchObject({ outcome: "processed" });
      expect(await counts(evt)).toEqual({ none: 3, EUR: 1 });
    });

    it.each([
      ["a batch key", {}, batch],
      ["ordinals", { identical: "ordinal" }, {}],
    ] as const)("keep their numbers among the equal events of a call, by %s", async (_, further, options) => {
      const store = await newStore();
      await before(store, further).ingestMany([sale], options);
      const evt = createEvt({ store, mapping: further });
      const events = evt.tenant("acme");
      expect(names(await events.ingestMany([sale, euros], options))).toEqual(["duplicate", "processed"]);
      expect(names(await events.ingestMany([sale, euros], options))).toEqual(["duplicate", "duplicate"]);
      expect(await counts(evt)).toEqual({ none: 1, EUR: 1 });
    });

    it("do not hide another event of their batch from a replay", async () => {
      const store = await newStore();
      const twins = [
        { ...euros, n: 1 },
        { ...euros, n: 2 },
      ];
      const report = await before(store, { rules: { order: only(1) } }).ingestMany(twins, batch);
      expect(names(report)).toEqual(["processed", "rejected"]);

      const evt = createEvt({ store });
      const { results } = await evt.tenant("acme").replay([report.outcomes[1]?.id ?? ""]);
      expect(results).toMatchObject([{ outcome: "processed" }]);
      expect(await counts(evt)).toEqual({ none: 1, EUR: 1 });
    });

    it.each([
      ["a batch key", {}, batch],
      ["ordinals", { identical: "ordinal" }, {}],
    ] as const)(
      "keep their version for all equal events of their call, by %s, also after a replay",
      async (_, further, options) => {
        const store = await newStore();
        const twins = [
          { ...euros, n: 1 },
          { ...euros, n: 2 },
          { ...dollars, n: 2 },
        ];
        const old = before(store, { ...further, rules: { order: only(1) } });
        const report = await old.ingestMany(twins, options);
        expect(names(report)).toEqual(["processed", "rejected", "rejected"]);

        const evt = createEvt({ store, mapping: further });
        const events = evt.tenant("acme");
        const ids = report.outcomes.slice(1).map(({ id }) => id);
        expect((await events.replay(ids)).processed).toBe(2);
        expect(await events.preview(twins, options)).toMatchObject(Array(3).fill({ outcome: "duplicate" }));
        expect(names(await events.ingestMany(twins, options))).toEqual(Array(3).fill("duplicate"));
        expect(await counts(evt)).toEqual({ none: 1, EUR: 1, USD: 1 });
      },
    );

    it.each(["replayed first", "sent again first"])(
      "are counted once if they were parked as failed, and are %s",
      async (first) => {
        const store = await newStore();
        const old = evtWith(
          { store, mapping: { fields: { unit: [] } } },
          new Identifier(sha256Hex, rawHash, 1),
        );
        const drill = old.withStore((inner) => failing(inner, "before"), { attempts: 1 });
        const twins = [sale, euros, euros, dollars];
        await drill.tenant("acme").ingestMany(twins, batch);

        const evt = createEvt({ store });
        const events = evt.tenant("acme");
        const { entries } = await events.list({ status: "failed" });
        if (first === "sent again first") await events.ingestMany(twins, batch);
        await events.replay(entries.map(({ id }) => id));
        await events.ingestMany(twins.toReversed(), batch);
        expect(await counts(evt)).toEqual({ none: 1, EUR: 2, USD: 1 });
      },
    );

    it("keep their keys if they are edited, so that the originals are conflicts when they are sent again", async () => {
      const store = await newStore();
      const old = evtWith(
        { store, mapping: { fields: { unit: [] } } },
        new Identifier(sha256Hex, rawHash, 1),
      );
      const drill = old.withStore((inner) => failing(inner, "before"), { attempts: 1 });
      await drill.tenant("acme").ingestMany([euros, dollars, euros], batch);

      const evt = createEvt({ store });
      const events = evt.tenant("acme");
      const { entries } = await events.list({ status: "failed" });
      let edited = 0;
      const edit = (raw: unknown) => ({ ...(raw as object), amount: 100 + edited++ });
      const replayed = await events.replay(
        entries.map(({ id }) => id),
        { edit },
      );
      expect([replayed.processed, edited]).toEqual([3, 3]);
      expect(names(await events.ingestMany([euros, dollars, euros], batch))).toEqual(
        Array(3).fill("conflict"),
      );
      expect(await counts(evt)).toEqual({ EUR: 2, USD: 1 });
    });

    it("make a part of their batch a conflict, not a duplicate, until all of it is counted", async () => {
      const store = await newStore();
      const old = evtWith(
        { store, mapping: { fields: { unit: [] } } },
        new Identifier(sha256Hex, rawHash, 1),
      );
      const drill = old.withStore((inner) => failing(inner, "before"), { attempts: 1 });
      await drill.tenant("acme").ingestMany([euros, euros], batch);
      await old.tenant("acme").ingestMany([euros], batch);

      const evt = createEvt({ store });
      const events = evt.tenant("acme");
      expect(await events.ingestMany([euros], batch)).toMatchObject({
        outcomes: [{ outcome: "conflict", issues: [{ code: "batch_incomplete" }] }],
      });
      expect(names(await events.ingestMany([euros, euros], batch))).toEqual(["duplicate", "processed"]);
      expect(names(await events.ingestMany([euros], batch))).toEqual(["duplicate"]);
      expect(await counts(evt)).toEqual({ none: 1, EUR: 1 });
    });

    it("are not counted again by a replay", async () => {
      const store = await newStore();
      const old = before(store);
      const broken = await old.ingest({ ...euros, ts: "nonsense" });
      await old.ingest(euros);
      const evt = createEvt({ store });
      const { results } = await evt.tenant("acme").replay([broken.id], { edit: () => euros });
      expect(results).toMatchObject([{ outcome: "duplicate" }]);
      expect(await counts(evt)).toEqual({ none: 1 });
    });
  });
}
