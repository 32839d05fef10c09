import fc from "fast-check";
import { expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";
import { ScriptedStore } from "../scripted-store.js";

const text = fc.stringMatching(/^[a-z]{1,8}$/);
const time = fc.integer({ min: 1_500_000_000, max: 1_700_000_000 });
const event = fc.record(
  { type: text, amount: fc.integer({ min: 0, max: 1_000 }), ts: time, eventId: fc.uuid() },
  { requiredKeys: ["type", "amount", "ts", "eventId"] },
);
const name = fc.constantFrom("events", "batch", "records", "items", "data", "payload");
const surroundings = fc.record(
  {
    total: fc.integer(),
    count: fc.integer(),
    sentAt: fc.string(),
    timestamp: time,
    source: text,
    writeKey: text,
  },
  { requiredKeys: [] },
);

it("an envelope of n events counts n and their sum, and none when it is sent again", async () => {
  const envelope = fc.record({
    name,
    surroundings,
    events: fc.array(event, { minLength: 1 }),
    nested: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(envelope, async ({ name, surroundings, events, nested }) => {
      const path = nested ? `outer.${name}` : name;
      const inner = { [name]: events };
      const raw = { ...surroundings, client: "shop", ...(nested ? { outer: inner } : inner) };
      const store = new ScriptedStore();
      const tenant = createEvt({ store, runtime: new FakeRuntime(), mapping: { unwrap: path } }).tenant(
        "acme",
      );
      const n = events.length;
      expect(await tenant.ingestMany([raw])).toMatchObject({ processed: n });
      expect(await tenant.ingestMany([raw])).toMatchObject({ processed: 0, duplicates: n });
      const sum = String(events.reduce((total, { amount }) => total + amount, 0));
      expect((await tenant.aggregate()).rows).toMatchObject([{ count: n, sum }]);
    }),
  );
});

it("an envelope that no mapping unwraps is never counted", async () => {
  await fc.assert(
    fc.asyncProperty(name, surroundings, fc.array(event, { minLength: 1 }), async (name, around, events) => {
      const raw = { ...around, client: "shop", [name]: events };
      const mapping = { defaults: { amount: "1" } };
      const store = new ScriptedStore();
      const tenant = createEvt({ store, runtime: new FakeRuntime(), mapping }).tenant("acme");
      expect(await tenant.ingestMany([raw])).toMatchObject({ rejected: 1 });
      expect(await tenant.reasons()).toMatchObject([{ reasons: ["event_is_envelope"] }]);
    }),
  );
});

it("an empty field equals an absent one at every level with `empty: absent`, and null always", async () => {
  const values = {
    client: text,
    source: text,
    type: text,
    currency: text,
    ts: time,
    eventId: fc.uuid(),
    plan: text,
  };
  type Blanks = { readonly [Name in keyof typeof values]: unknown };
  const of = (blank: fc.Arbitrary<unknown>) =>
    fc.record(
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fc.oneof(blank, value)])) as {
        [Name in keyof Blanks]: fc.Arbitrary<unknown>;
      },
      { requiredKeys: [] },
    );
  const isBlank = (value: unknown) => value === null || (typeof value === "string" && value.trim() === "");
  const without = (fields: Partial<Blanks>) =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => !isBlank(value)));
  const trial = (empty: "absent" | undefined, blank: fc.Arbitrary<unknown>) =>
    fc.assert(
      fc.asyncProperty(
        of(blank),
        fc.array(of(blank), { minLength: 1, maxLength: 3 }),
        async (around, parts) => {
          const mapping = {
            unwrap: "data",
            ...(empty && { empty }),
            defaults: { clientId: "default", amount: "1" },
            dimensions: { plan: ["plan", "properties.plan"] },
          };
          const tenant = createEvt({
            store: new ScriptedStore(),
            runtime: new FakeRuntime(),
            mapping,
          }).tenant("t");
          const canonical = async (raw: unknown) =>
            (await tenant.preview([raw])).map((each) => [each.outcome, each.canonical, each.issues]);
          const nested = parts.map((part) => ({ ...part, properties: part }));
          const bare = parts.map((part) => ({ ...without(part), properties: without(part) }));
          expect(await canonical({ ...around, data: nested })).toEqual(
            await canonical({ ...without(around), data: bare }),
          );
          expect(await canonical({ ...around, properties: around })).toEqual(
            await canonical({ ...without(around), properties: without(around) }),
          );
        },
      ),
    );
  await trial("absent", fc.constantFrom("", " ", "\t\u00a0", null));
  await trial(undefined, fc.constant(null));
});
