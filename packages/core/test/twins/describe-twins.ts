import { describe, expect, it } from "vitest";
import { createEvt, evtWith } from "../../src/create-evt.js";
import type { CanonicalEvent } from "../../src/event.js";
import type { Evt } from "../../src/evt.js";
import type { EvtOptions } from "../../src/evt-options.js";
import { Identifier, type IdentityBasis } from "../../src/identity/identifier.js";
import { sha256Hex } from "../../src/identity/sha256.js";
import { rawHash } from "../../src/ingest/raw-hash.js";
import type { Mapping } from "../../src/normalize/mapping.js";
import type { Normalized } from "../../src/normalize/normalized.js";
import type { IngestReport } from "../../src/outcome.js";
import type { Store } from "../../src/store.js";
import { failing } from "../../src/testing/failing-store.js";

const click = { client: "w", type: "click", amount: 1 };
const sale = { source: "shop", type: "order", total: "10.00", created_at: "2024-01-01T00:00:00Z" };
const batch = { idempotencyKey: "b1" };

const names = ({ outcomes }: IngestReport) => outcomes.map(({ outcome }) => outcome);
const sameAs = ({ outcomes }: IngestReport) =>
  outcomes.map((each) => (each.outcome === "duplicate" ? each.sameAs : undefined));

async function total(evt: Evt): Promise<number> {
  const { rows } = await evt.tenant("acme").aggregate();
  return rows.reduce((sum, { count }) => sum + count, 0);
}

/** Rules of the next version: the metric is compared without regard to case. */
class NextRules extends Identifier {
  override readonly rules = 3;
  override readonly earlier = [new Identifier(sha256Hex, rawHash, 1), new Identifier(sha256Hex, rawHash)];

  override contentJson(event: CanonicalEvent, basis: IdentityBasis): string {
    const json = super.contentJson({ ...event, metric: event.metric.toLowerCase() }, basis);
    return `{"rules":3,${json.slice(1)}`;
  }
}

/** The rules of the version before numbers and numeric strings were the same in `identity`. */
class StringsApart extends Identifier {
  override contentJson(event: CanonicalEvent, basis: IdentityBasis & Partial<Normalized>): string {
    const { formerDistinguishing, distinguishing } = basis;
    return super.contentJson(event, { ...basis, distinguishing: formerDistinguishing ?? distinguishing });
  }
}

/** The tests of equal events, of resends that differ, and of a change of the identity rules, over any store. */
export function describeTwins(name: string, newStore: () => Promise<Store>): void {
  const start = async (options: Partial<EvtOptions> = {}) => {
    const store = await newStore();
    const evt = createEvt({ store, ...options });
    return { store, evt, events: evt.tenant("acme") };
  };

  describe(`equal events of one call (${name})`, () => {
    it("are merged by default, and each says with which event", async () => {
      const { evt, events } = await start();
      const report = await events.ingestMany([{ ...click, amount: 2 }, {}, click, click, click]);
      expect(names(report)).toEqual(["processed", "rejected", "processed", "duplicate", "duplicate"]);
      expect(sameAs(report)).toEqual([undefined, undefined, undefined, 2, 2]);
      expect(await total(evt)).toBe(2);
      const again = await events.ingestMany([click, click]);
      expect(names(again)).toEqual(["duplicate", "duplicate"]);
      expect(sameAs(again)).toEqual([undefined, 0]);
    });

    it("are merged with an event of equal content only", async () => {
      const { events } = await start();
      const keyed = { ...click, eventId: "k" };
      await events.ingest(keyed);
      const report = await events.ingestMany([
        { ...keyed, amount: 2 },
        keyed,
        { ...keyed, amount: 2 },
        keyed,
      ]);
      expect(names(report)).toEqual(["conflict", "duplicate", "conflict", "duplicate"]);
      expect(sameAs(report)).toEqual([undefined, undefined, undefined, 1]);
    });

    it("say in a preview with which event they would be merged", async () => {
      const { events } = await start();
      expect(await events.preview([click, click])).toMatchObject([
        { outcome: "processed" },
        { outcome: "duplicate", sameAs: 0 },
      ]);
    });

    it.each([
      ["without a time", click],
      ["with a time", { ...click, ts: "2024-01-01T00:00:00Z" }],
    ])("are separate events with `ordinal`, %s, also when the call is sent again", async (_, event) => {
      const { evt, events } = await start({ mapping: { identical: "ordinal" } });
      const other = { ...event, amount: 2 };
      expect(names(await events.ingestMany([event, other, event, event]))).toEqual(
        Array(4).fill("processed"),
      );
      expect(names(await events.ingestMany([event, event, other, event]))).toEqual(
        Array(4).fill("duplicate"),
      );
      expect(await total(evt)).toBe(4);
      const [merged] = (await events.ingestMany([event], {})).outcomes;
      expect(merged?.outcome).toBe("duplicate");
    });

    it("keep the identity that they have without `ordinal`, the first of them", async () => {
      const { store, events } = await start();
      await events.ingest(sale);
      const ordered = createEvt({ store, mapping: { identical: "ordinal" } }).tenant("acme");
      expect(names(await ordered.ingestMany([sale, sale]))).toEqual(["duplicate", "processed"]);
    });

    it("are replayed as the events that they were", async () => {
      const { store, evt, events } = await start({ mapping: { identical: "ordinal" } });
      const drill = evt.withStore((inner) => failing(inner, "before"), { attempts: 1 });
      expect(names(await drill.tenant("acme").ingestMany([sale, sale]))).toEqual(["failed", "failed"]);
      const { entries } = await events.list({ status: "failed" });
      const { processed } = await events.replay(entries.map(({ id }) => id));
      expect(processed).toBe(2);
      expect(names(await events.ingestMany([sale, sale]))).toEqual(["duplicate", "duplicate"]);
      await store.close();
    });

    it("are parked separately with `ordinal` if they are rejected", async () => {
      const { events } = await start({ mapping: { identical: "ordinal" } });
      const nameless = { type: "click", amount: 1 };
      await events.ingestMany([nameless, nameless]);
      const { entries } = await events.list({ status: "rejected" });
      expect(entries).toHaveLength(2);
      const edit = (raw: unknown) => ({ ...(raw as object), client: "w" });
      const ids = entries.map(({ id }) => id);
      expect((await events.replay(ids, { edit })).processed).toBe(2);
    });

    it.each([
      ["merge", batch, "duplicate"],
      ["merge", {}, "duplicate"],
      ["ordinal", batch, "processed"],
      ["ordinal", {}, "processed"],
      ["reject", {}, "duplicate"],
    ] as const)(
      "are told apart by a replay only if the call counted each: %s, %j",
      async (identical, options, outcome) => {
        const store = await newStore();
        const only2 = {
          "~standard": {
            version: 1 as const,
            vendor: "test",
            validate: (value: unknown) =>
              (value as { readonly n: number }).n === 2 ? { value } : { issues: [{ message: "another" }] },
          },
        };
        const strict = createEvt({ store, mapping: { identical, rules: { order: only2 } } }).tenant("acme");
        const twins = [
          { ...sale, n: 1 },
          { ...sale, n: 2 },
        ];
        const { outcomes } = await strict.ingestMany(twins, options);
        const evt = createEvt({ store, mapping: { identical } });
        const events = evt.tenant("acme");
        const { results } = await events.replay([outcomes[0]?.id ?? ""]);
        expect(results).toMatchObject([{ outcome }]);
        await events.ingestMany(twins, options);
        expect(await total(evt)).toBe(outcome === "processed" ? 2 : 1);
      },
    );

    it.each([
      ["a batch key", {}, batch],
      ["ordinals", { identical: "ordinal" }, {}],
    ] as const)(
      "are counted once each by replays if they were rejected twice, for different reasons, with %s",
      async (_, further, options) => {
        for (const edited of [false, true])
          for (const together of [false, true]) {
            const store = await newStore();
            const at = (mapping: Mapping) => createEvt({ store, mapping: { ...further, ...mapping } });
            const twins = [{ ...sale, n: 1 }, sale, sale];
            await at({ fields: { amount: ["absent"] } })
              .tenant("acme")
              .ingestMany(twins, options);
            await at({ fields: { timestamp: ["source"] } })
              .tenant("acme")
              .ingestMany(twins, options);
            const evt = at({});
            const events = evt.tenant("acme");
            const { entries } = await events.list({ status: "rejected" });
            expect(entries).toHaveLength(6);
            const ids = entries.map(({ id }) => id);
            const edit = (raw: unknown) => ({ ...(raw as object), total: "11.00" });
            for (const some of together ? [ids] : ids.map((id) => [id]))
              await events.replay(some, edited ? { edit } : {});
            expect(await total(evt)).toBe(3);
            expect((await events.list({ status: "rejected" })).entries).toEqual([]);
            if (!edited) await events.ingestMany(twins, options);
            expect(await total(evt)).toBe(3);
          }
      },
    );

    it("are one event in two calls with `ordinal`, also for a replay", async () => {
      const { store, evt, events } = await start({ mapping: { identical: "ordinal" } });
      await events.ingest({ ...sale, n: 1 });
      const nothing = {
        "~standard": {
          version: 1 as const,
          vendor: "test",
          validate: () => ({ issues: [{ message: "no" }] }),
        },
      };
      const runtime = { now: () => Date.now() + 60_000 };
      const strict = createEvt({
        store,
        runtime,
        mapping: { identical: "ordinal", rules: { order: nothing } },
      });
      const { outcomes } = await strict.tenant("acme").ingestMany([{ ...sale, n: 2 }]);
      const { results } = await events.replay([outcomes[0]?.id ?? ""]);
      expect(results).toMatchObject([{ outcome: "duplicate" }]);
      expect(await total(evt)).toBe(1);
    });

    it("are rejected with `reject`, except for the first", async () => {
      const { evt, events } = await start({ mapping: { identical: "reject" } });
      const keyed = { ...click, eventId: "k" };
      const report = await events.ingestMany([click, keyed, click, keyed]);
      expect(names(report)).toEqual(["processed", "processed", "rejected", "duplicate"]);
      expect(report.outcomes[2]).toMatchObject({
        issues: [{ code: "identical_event", message: expect.stringContaining("event 0") }],
      });
      expect(await total(evt)).toBe(2);
      expect(names(await events.ingestMany([click, click], batch))).toEqual(["processed", "rejected"]);
    });

    it("are merged under the key of a batch with `merge`", async () => {
      const { evt, events } = await start({ mapping: { identical: "merge" } });
      const report = await events.ingestMany([click, click], batch);
      expect(names(report)).toEqual(["processed", "duplicate"]);
      expect(sameAs(report)).toEqual([undefined, 0]);
      expect(names(await events.ingestMany([click], batch))).toEqual(["duplicate"]);
      expect(await total(evt)).toBe(1);
    });
  });

  describe(`a batch that is sent again in parts (${name})`, () => {
    it("never loses an event silently: a part whose event is not certain is a conflict", async () => {
      const { evt, events } = await start();
      const drill = evt.withStore((store) => failing(store, "before"), { attempts: 1 }).tenant("acme");
      expect(names(await drill.ingestMany([click, click], batch))).toEqual(["failed", "failed"]);
      expect(names(await events.ingestMany([click], batch))).toEqual(["processed"]);
      const second = await events.ingestMany([click], batch);
      expect(second.outcomes).toMatchObject([
        {
          outcome: "conflict",
          issues: [{ code: "batch_incomplete", message: expect.stringContaining("send the batch whole") }],
        },
      ]);
      expect(names(await events.ingestMany([click, click], batch))).toEqual(["duplicate", "processed"]);
      expect(await total(evt)).toBe(2);
      expect(names(await events.ingestMany([click], batch))).toEqual(["duplicate"]);
    });

    it("is recognized by another process, from the claims", async () => {
      const { store, evt, events } = await start();
      const drill = evt.withStore((inner) => failing(inner, "before"), { attempts: 1 }).tenant("acme");
      await drill.ingestMany([click, click, click], batch);
      await events.ingestMany([click], batch);
      const other = createEvt({ store }).tenant("acme");
      expect(names(await other.ingestMany([click], batch))).toEqual(["conflict"]);
      expect(names(await other.ingestMany([click, click], batch))).toEqual(["conflict", "processed"]);
      expect(names(await other.ingestMany([click, click, click], batch))).toEqual([
        "duplicate",
        "duplicate",
        "processed",
      ]);
      expect(await total(evt)).toBe(3);
    });

    it("counts each event that its raw event distinguishes, once", async () => {
      const { evt, events } = await start();
      const drill = evt.withStore((store) => failing(store, "before"), { attempts: 1 }).tenant("acme");
      const [first, second] = [
        { ...click, ref: 1 },
        { ...click, ref: 2 },
      ];
      await drill.ingestMany([first, second], batch);
      expect(names(await events.ingestMany([second], batch))).toEqual(["processed"]);
      expect(names(await events.ingestMany([first], batch))).toEqual(["processed"]);
      expect(names(await events.ingestMany([first], batch))).toEqual(["duplicate"]);
      expect(names(await events.ingestMany([first, second], batch))).toEqual(["duplicate", "duplicate"]);
      expect(await total(evt)).toBe(2);
    });

    it("is all duplicates if all of the batch was counted", async () => {
      const { evt, events } = await start();
      await events.ingestMany([click, click, sale], batch);
      for (const part of [[click], [click], [sale], [click, sale]])
        expect(new Set(names(await events.ingestMany(part, batch)))).toEqual(new Set(["duplicate"]));
      expect(await total(evt)).toBe(3);
    });

    it("behaves the same for events that the mapping numbers", async () => {
      const { evt, events } = await start({ mapping: { identical: "ordinal" } });
      const drill = evt.withStore((store) => failing(store, "before"), { attempts: 1 }).tenant("acme");
      await drill.ingestMany([click, click]);
      expect(names(await events.ingestMany([click]))).toEqual(["processed"]);
      expect(names(await events.ingestMany([click]))).toEqual(["conflict"]);
      expect(names(await events.ingestMany([click, click]))).toEqual(["duplicate", "processed"]);
      expect(await total(evt)).toBe(2);
    });
  });

  describe(`one key with other content (${name})`, () => {
    const restamped = Array.from({ length: 46 }, (_, i) => ({
      messageId: "m1",
      client: "pubsub",
      type: "delivery",
      amount: 1,
      publishTime: i,
      ts: new Date(Date.UTC(2024, 0, 1) + i * 1_000).toISOString(),
    }));

    it("is a conflict, by default", async () => {
      const { events } = await start();
      const { processed, conflicts } = await events.ingestMany(restamped);
      expect([processed, conflicts]).toEqual([1, 45]);
    });

    it("is a duplicate if the key decides, and the first event stays", async () => {
      const { evt, events } = await start({ mapping: { key: "decides" } });
      const report = await events.ingestMany(restamped);
      expect([report.processed, report.duplicates, report.possibleTwins]).toEqual([1, 45, 0]);
      expect(sameAs(report).slice(0, 3)).toEqual([undefined, 0, 0]);
      const other = { ...restamped[3], amount: 99, type: "other" };
      expect(await events.ingest(other)).toMatchObject({ outcome: "duplicate", event: { amount: "1" } });
      expect(await events.preview([other])).toMatchObject([{ outcome: "duplicate" }]);
      expect(await total(evt)).toBe(1);
      expect((await events.list({ status: "conflict" })).entries).toEqual([]);
    });

    it("is a duplicate also if the option is switched on or off in between", async () => {
      const { store, events } = await start();
      const deciding = createEvt({ store, mapping: { key: "decides" } }).tenant("acme");
      await events.ingest({ ...restamped[0], messageId: "a" });
      await deciding.ingest({ ...restamped[0], messageId: "b" });
      const [a, b] = [
        { ...restamped[1], messageId: "a" },
        { ...restamped[1], messageId: "b" },
      ];
      expect(await deciding.ingest(a)).toMatchObject({ outcome: "duplicate" });
      expect(await events.ingest(b)).toMatchObject({ outcome: "duplicate" });
      expect(await events.ingest(a)).toMatchObject({ outcome: "conflict" });
    });

    it("resolves the failure of an earlier delivery if the key decides", async () => {
      const { evt, events } = await start({ mapping: { key: "decides" } });
      const drill = evt.withStore((store) => failing(store, "before"), { attempts: 1 }).tenant("acme");
      await drill.ingestMany([restamped[0]]);
      await events.ingest(restamped[1]);
      expect((await events.list({ status: "failed" })).entries).toEqual([]);
    });
  });

  describe(`equal content with another raw event (${name})`, () => {
    const [first, second] = [
      { id: 1001, ...sale },
      { id: 1002, ...sale },
    ];

    it("is a duplicate that names the members that differ, and is parked", async () => {
      const { evt, events } = await start();
      const counted = await events.ingest(first);
      const report = await events.ingestMany([second]);
      expect(report).toMatchObject({ processed: 0, duplicates: 1, possibleTwins: 1 });
      const [outcome] = report.outcomes;
      expect(outcome).toMatchObject({ outcome: "duplicate", id: counted.id, differs: ["id"] });
      const parked = outcome?.outcome === "duplicate" ? outcome.parked : undefined;
      expect(await events.get(parked?.id ?? "")).toMatchObject({
        status: "conflict",
        conflictsWith: counted.id,
        rawJson: JSON.stringify(second),
        issues: [{ code: "raw_differs", path: "id", message: expect.stringContaining("id is 1002") }],
      });
      expect(await events.reasons()).toMatchObject([{ reasons: ["raw_differs"], count: 1 }]);
      expect(await total(evt)).toBe(1);
    });

    it("is a conflict if the mapping says so, in a preview, too", async () => {
      const { evt, events } = await start({ mapping: { sameContent: "conflict" } });
      await events.ingest(first);
      const issues = [{ code: "raw_differs", path: "id" }];
      expect(await events.preview([second])).toMatchObject([{ outcome: "conflict", issues }]);
      expect(await events.ingest(second)).toMatchObject({ outcome: "conflict", issues });
      expect(await events.ingest(first)).toMatchObject({ outcome: "duplicate" });
      expect(await total(evt)).toBe(1);
    });

    it("is detected within one call, and without raw events in the result", async () => {
      const { events } = await start();
      const report = await events.ingestMany([first, second, first], { raw: false });
      expect(names(report)).toEqual(["processed", "duplicate", "duplicate"]);
      expect(report.outcomes[1]).toMatchObject({ sameAs: 0, differs: ["id"], event: { rawJson: null } });
      expect(report.outcomes[2]).not.toHaveProperty("differs");
      expect(await events.preview([second], { raw: false })).toMatchObject([
        { outcome: "duplicate", differs: ["id"], event: { rawJson: null, rawOmitted: true } },
      ]);
    });

    it("is no difference if only white space or the order of members differs", async () => {
      const { events } = await start();
      await events.ingest({ a: { x: 1, y: [1, 2] }, ...sale });
      const [raw] = [{ ...sale, a: { y: [1, 2], x: 1 } }];
      const resent = await events.ingest(raw, { rawJson: JSON.stringify(raw, null, 2) });
      expect(resent).toMatchObject({ outcome: "duplicate" });
      expect(resent).not.toHaveProperty("differs");
    });

    it("is no difference if the fields are written in another way", async () => {
      const { events } = await start();
      await events.ingest({
        source: "shop",
        payload: { metric: "order", amount: "10.00", timestamp: "2024/01/01" },
      });
      const flat = { client_id: " shop ", event_type: "order", value: 10, ts: 1_704_067_200 };
      const resent = await events.ingest(flat);
      expect(resent).toMatchObject({ outcome: "duplicate" });
      expect(resent).not.toHaveProperty("differs");
      expect(await events.ingest({ ...flat, payload: { plan: "a" } })).toMatchObject({
        differs: ["payload.plan"],
      });
    });

    it("names members inside of containers, absent ones and arrays", async () => {
      const { events } = await start();
      await events.ingest({
        ...sale,
        plan: { name: "a", tags: [1, 2] },
        ref: 9_007_199_254_740_993n.toString(),
      });
      const other = { ...sale, plan: { name: "b", tags: [2, 1] }, note: null };
      expect(await events.ingest(other)).toMatchObject({
        outcome: "duplicate",
        differs: ["note", "plan.name", "plan.tags", "ref"],
      });
    });

    it("does not report an event with its own key", async () => {
      const { events } = await start();
      await events.ingest({ ...first, eventId: "k" });
      const resent = await events.ingest({ ...second, eventId: "k" });
      expect(resent).toMatchObject({ outcome: "duplicate" });
      expect(resent).not.toHaveProperty("differs");
    });

    it("is detected under the key of a batch", async () => {
      const { events } = await start();
      await events.ingestMany([first], batch);
      expect((await events.ingestMany([second], batch)).outcomes).toMatchObject([
        { outcome: "duplicate", differs: ["id"] },
      ]);
    });

    it("is detected without the names of members if raw events are not stored", async () => {
      const { events } = await start({ raw: "drop" });
      await events.ingest(first);
      expect(await events.ingest(second)).toMatchObject({ outcome: "duplicate", differs: [] });
      expect(await events.ingest(first)).not.toHaveProperty("differs");
    });

    it("compares what a redaction leaves", async () => {
      const { events } = await start({ raw: (raw) => ({ ...(raw as object), id: undefined }) });
      await events.ingest(first);
      expect(await events.ingest(second)).not.toHaveProperty("differs");
      expect(await events.ingest({ ...second, page: "/a" })).toMatchObject({ differs: ["page"] });
    });
  });

  describe(`a change of the identity rules (${name})`, () => {
    const order = { client: "shop", type: "Order", amount: 5, ts: "2024-01-01T00:00:00Z" };
    const all = [order, { ...order, eventId: "k" }, { client: "shop", type: "Visit", amount: 1 }];

    it("counts no resend twice, and each new event once", async () => {
      const { store, events } = await start();
      expect(names(await events.ingestMany(all))).toEqual(Array(3).fill("processed"));
      expect(names(await events.ingestMany([click, click], batch))).toEqual(["processed", "processed"]);

      const next = evtWith({ store }, new NextRules(sha256Hex, rawHash));
      const later = next.tenant("acme");
      expect(await later.preview(all)).toMatchObject(Array(3).fill({ outcome: "duplicate" }));
      expect(names(await later.ingestMany([...all, order]))).toEqual(Array(4).fill("duplicate"));
      expect(names(await later.ingestMany([click, click], batch))).toEqual(["duplicate", "duplicate"]);
      expect(await total(next)).toBe(5);

      const fresh = { ...order, amount: 7 };
      expect(names(await later.ingestMany([fresh, { ...fresh, type: "ORDER" }]))).toEqual([
        "processed",
        "duplicate",
      ]);
      expect(names(await later.ingestMany([fresh]))).toEqual(["duplicate"]);
      expect(await total(next)).toBe(6);
    });

    it.each([{ fields: ["order_id"] }, "raw"] as const)(
      "counts no resend twice whose numeric string was a string (%j)",
      async (identity) => {
        const store = await newStore();
        const mapping = { identity };
        const before = evtWith({ store, mapping }, new StringsApart(sha256Hex, rawHash)).tenant("acme");
        const order = { client: "shop", type: "order", amount: 5, ts: "2024-01-01T00:00:00Z", order_id: "7" };
        const sent = [
          order,
          { ...order, eventId: "k" },
          { ...order, order_id: 8 },
          { ...order, order_id: "x" },
        ];
        expect(names(await before.ingestMany(sent))).toEqual(Array(4).fill("processed"));
        expect(names(await before.ingestMany([{ ...order, amount: 6 }], batch))).toEqual(["processed"]);

        const evt = createEvt({ store, mapping });
        const now = evt.tenant("acme");
        expect(await now.preview(sent)).toMatchObject(Array(4).fill({ outcome: "duplicate" }));
        expect(names(await now.ingestMany(sent))).toEqual(Array(4).fill("duplicate"));
        expect(names(await now.ingestMany([{ ...order, amount: 6 }], batch))).toEqual(["duplicate"]);
        const fresh = [
          { ...order, order_id: "9" },
          { ...order, order_id: 9 },
          { ...order, order_id: "10" },
        ];
        expect(names(await now.ingestMany(fresh))).toEqual(["processed", "duplicate", "processed"]);
        expect(names(await now.ingestMany(fresh))).toEqual(Array(3).fill("duplicate"));
        expect(await total(evt)).toBe(7);
      },
    );

    it("finds only claims of the earlier rules under an earlier identity", async () => {
      const { store } = await start();
      /** Rules of the next version that give another event the identity that this one has under version 1. */
      class Shifted extends Identifier {
        override readonly rules = 3;
        override readonly earlier = [new Identifier(sha256Hex, rawHash)];

        override contentJson(event: CanonicalEvent, basis: IdentityBasis): string {
          return super.contentJson(
            { ...event, amount: event.amount === "2" ? "1" : `${event.amount}0` },
            basis,
          );
        }
      }
      const later = evtWith({ store }, new Shifted(sha256Hex, rawHash)).tenant("acme");
      const [one, two] = [
        { ...order, amount: 1 },
        { ...order, amount: 2 },
      ];
      expect(await later.ingest(two)).toMatchObject({ outcome: "processed" });
      expect(await later.ingest(one)).toMatchObject({ outcome: "processed" });
    });

    it("replays no parked event that was counted under the earlier rules", async () => {
      const { store, evt, events } = await start();
      const broken = await events.ingest({ ...order, ts: "nonsense" });
      await events.ingest(order);
      const later = evtWith({ store }, new NextRules(sha256Hex, rawHash)).tenant("acme");
      const report = await later.replay([broken.id], { edit: () => order });
      expect(report.results).toMatchObject([{ outcome: "duplicate" }]);
      expect(await total(evt)).toBe(1);
    });

    it("counts a failure that was parked before only once", async () => {
      const { store, evt, events } = await start();
      const drill = evt.withStore((inner) => failing(inner, "after"), { attempts: 1 }).tenant("acme");
      await drill.ingestMany([order]);
      const later = evtWith({ store }, new NextRules(sha256Hex, rawHash)).tenant("acme");
      const { entries } = await later.list({ status: "failed" });
      await later.replay(entries.map(({ id }) => id));
      await later.ingest(order);
      await events.ingest(order);
      expect(await total(evt)).toBe(1);
    });
  });
}
