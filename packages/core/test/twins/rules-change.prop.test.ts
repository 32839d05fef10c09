import { MemoryStore } from "@evt/store-memory";
import { describe, expect } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import { createEvt, evtWith } from "../../src/create-evt.js";
import { EvtError } from "../../src/evt-error.js";
import { Identifier } from "../../src/identity/identifier.js";
import { sha256Hex } from "../../src/identity/sha256.js";
import { rawHash } from "../../src/ingest/raw-hash.js";
import type { Mapping } from "../../src/normalize/mapping.js";
import { failing } from "../../src/testing/failing-store.js";
import { fc, test } from "../properties.js";
import { refusing } from "../scripted-store.js";

/** Few different events, so that many are equal under version 1, and some under version 2. */
const fields = {
  client: fc.constant("shop"),
  amount: fc.constant(5),
  ts: fc.constant("2024-01-01T00:00:00Z"),
  currency: fc.constantFrom(undefined, "EUR", "USD"),
  ref: fc.constantFrom(undefined, 1, 2),
};
const eventWith = (fate: fc.Arbitrary<"rejected" | "refused" | undefined>) => fc.record({ ...fields, fate });
const resent = [
  fc.record({ replayed: fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }) }),
  fc.record({ order: fc.array(fc.nat(99), { minLength: 5, maxLength: 5 }) }),
] as const;
/** The batch is sent again under a mapping that cannot read this field. */
const rejected = fc.record({ broken: fc.constantFrom("amount", "timestamp") });
const step = fc.oneof(...resent, rejected);

const acceptable = {
  "~standard": {
    version: 1 as const,
    vendor: "test",
    validate: (value: unknown) =>
      (value as { readonly fate?: string }).fate === "rejected" ? { issues: [{ message: "no" }] } : { value },
  },
};
const refusal = new EvtError("EVT_RECORD_REFUSED", "refused");

type Event = ReturnType<typeof eventWith> extends fc.Arbitrary<infer Value> ? Value : never;
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
type Mode = "ok" | "before" | "after";

/** Sends a batch by the first rules, and then again and again by the current rules. */
function law(first: Identifier, fields: Mapping["fields"]) {
  return async (events: readonly Event[], mode: Mode, keyed: boolean, steps: readonly Step[]) => {
    const store = new MemoryStore();
    let time = Date.UTC(2024, 0, 1);
    // each call is later than the one before
    const runtime = { now: () => time++ };
    const mapping = keyed ? {} : ({ identical: "ordinal" } as const);
    const options = keyed ? { idempotencyKey: "b" } : {};
    const old = evtWith(
      { store, runtime, mapping: { ...mapping, ...(fields && { fields }), rules: { event: acceptable } } },
      first,
    );
    const partly = old.withStore(
      (inner) => {
        const some = refusing(inner, ({ rawJson }) => (rawJson ?? "").includes("refused"), refusal);
        return mode === "ok" ? some : failing(some, mode);
      },
      { attempts: 1 },
    );
    await partly.tenant("t").ingestMany(events, options);

    const evt = createEvt({ store, runtime, mapping });
    const now = evt.tenant("t");
    const count = async () => (await now.aggregate()).rows.reduce((sum, each) => sum + each.count, 0);
    for (const each of steps) {
      if ("broken" in each) {
        const fields = { [each.broken]: ["client"] };
        await createEvt({ store, runtime, mapping: { ...mapping, fields } })
          .tenant("t")
          .ingestMany(events, options);
      } else if ("order" in each) {
        const order = events.map((_, i) => i).sort((a, b) => (each.order[a] ?? 0) - (each.order[b] ?? 0));
        await now.ingestMany(
          order.map((i) => events[i]),
          options,
        );
      } else {
        const { entries } = await now.list({ status: ["rejected", "failed", "conflict"] });
        await now.replay(entries.filter((_, i) => each.replayed.includes(i)).map(({ id }) => id));
      }
      expect(await count()).toBeLessThanOrEqual(events.length);
    }
    const before = await count();
    const foreseen = (await now.preview(events, options)).filter(({ outcome }) => outcome === "processed");
    const whole = await now.ingestMany(events, options);
    expect(foreseen).toHaveLength(events.length - before);
    expect([whole.failed, whole.rejected, await count()]).toEqual([0, 0, events.length]);
    const again = await now.ingestMany(events.toReversed(), options);
    expect([again.duplicates, await count()]).toEqual([events.length, events.length]);
  };
}

const batchOf = (...fates: ("rejected" | "refused" | undefined)[]) =>
  [
    fc.array(eventWith(fc.constantFrom(...fates)), { minLength: 1, maxLength: 5 }),
    fc.constantFrom<Mode>("ok", "before", "after"),
    fc.boolean(),
  ] as const;

describe("a batch is counted once, in any order of resends and replays", () => {
  const numRuns = depth(60, 2_000);

  test.prop([...batchOf(undefined), fc.array(fc.oneof(...resent, rejected), { maxLength: 5 })], { numRuns })(
    "also if some resends are rejected, for different reasons",
    law(new Identifier(sha256Hex, rawHash), undefined),
  );

  test.prop(
    [
      ...batchOf(undefined, undefined, "rejected", "refused"),
      fc.array(fc.oneof(...resent), { maxLength: 5 }),
    ],
    { numRuns },
  )(
    "if version 1 of the identity rules received it, and version 2 receives it again",
    law(new Identifier(sha256Hex, rawHash, 1), { unit: [] }),
  );
});
