import { MemoryStore } from "@evt/store-memory";
import { describe, expect } from "vitest";
import type { IngestManyOptions } from "../src/calls.js";
import { createEvt } from "../src/create-evt.js";
import type { EvtTenant } from "../src/evt-tenant.js";
import type { Mapping } from "../src/normalize/mapping.js";
import { FakeRuntime } from "../src/testing/fake-runtime.js";
import { fc, test } from "./properties.js";

const mappings: Readonly<Record<string, Mapping>> = {
  priced: { defaults: { amount: "3" } },
  customer: { fields: { clientId: "customer" }, defaults: { amount: "1" } },
};

interface Raw {
  readonly clientId?: "a" | "b";
  readonly customer?: "a" | "b";
  readonly amount?: number;
  readonly eventId?: string;
}

/** Few values, so that callers often send the same event. */
const RAWS: readonly Raw[] = [
  {},
  { clientId: "a" },
  { clientId: "b" },
  { customer: "a" },
  { customer: "b" },
  { amount: 1 },
  { amount: 1, clientId: "b" },
  { amount: 1, clientId: "a", eventId: "e" },
  { amount: 2, eventId: "e" },
];

interface Sending {
  /** The client that the caller is bound to. `null`: none. */
  readonly boundTo: "a" | "b" | null;
  readonly raws: readonly Raw[];
  readonly options: IngestManyOptions;
}

const key = fc.constantFrom("k1", "k2");
const sending: fc.Arbitrary<Sending> = fc.record({
  boundTo: fc.constantFrom("a", "b", null),
  raws: fc.array(fc.constantFrom(...RAWS), { minLength: 1, maxLength: 3 }),
  options: fc.oneof(
    fc.constant({}),
    fc.record({ idempotencyKey: key }),
    fc.record({ key }).map(({ key }) => ({ idempotencyKeys: [key, key, key] })),
  ),
});
const replay = fc.record({ mapping: fc.constantFrom("priced", "customer") });
const steps = fc.array(fc.oneof({ weight: 5, arbitrary: sending }, { weight: 1, arbitrary: replay }), {
  minLength: 1,
  maxLength: 8,
});

/** An unbound caller names the client of its event, and the same one for every mapping. */
function rawsOf({ boundTo, raws }: Sending): readonly Raw[] {
  if (boundTo !== null) return raws;
  return raws.map((each) => ({ ...each, ...(each.clientId && { customer: each.clientId }) }));
}

const isOfB = ({ boundTo }: Sending, { clientId }: Raw) => (boundTo ?? clientId) === "b";

/** Everything that a caller bound to `a` gets and can read. Ids are left out, because those of replays are random. */
class SeenByA {
  readonly #texts: string[] = [];

  note(...seen: readonly unknown[]): void {
    for (const each of seen) this.#texts.push(JSON.stringify(each).replace(/"[0-9a-f]{32,64}"/g, '"#"'));
  }

  get sorted(): readonly string[] {
    return this.#texts.sort();
  }
}

async function played(
  plan: readonly (Sending | { readonly mapping: string })[],
  withB: boolean,
): Promise<readonly string[]> {
  const runtime = new FakeRuntime();
  const evt = createEvt({ store: new MemoryStore(), runtime, mappings });
  const whole = evt.tenant("acme");
  const [a, b] = ["a", "b"].map((clientId) => evt.tenant("acme", { clientId })) as [EvtTenant, EvtTenant];
  const seen = new SeenByA();
  for (const step of plan) {
    await runtime.advance(1_000);
    if ("mapping" in step) {
      await whole.replayPage({ all: true }, step);
      continue;
    }
    const raws = rawsOf(step).filter((each) => withB || !isOfB(step, each));
    const { idempotencyKeys } = step.options;
    const options = {
      ...step.options,
      ...(idempotencyKeys && { idempotencyKeys: idempotencyKeys.slice(0, raws.length) }),
    };
    if (step.boundTo === "a") seen.note(await a.preview(raws, options), await a.ingestMany(raws, options));
    else await (step.boundTo === "b" ? b : whole).ingestMany(raws, options);
  }
  seen.note(
    ...(await a.list()).entries,
    await a.reasons(),
    await a.aggregate({ groupBy: ["clientId", "metric"] }),
  );
  for (const { id } of (await whole.list()).entries) {
    const attempts = await a.history(id);
    const entry = await a.get(id);
    if (entry !== null || attempts.length > 0) seen.note(entry, attempts);
  }
  return seen.sorted;
}

describe("a view that is bound to a client", () => {
  test.prop([steps], { numRuns: 300 })(
    "shows and reports the same, no matter what another client sends",
    async (plan) => {
      expect(await played(plan, true)).toEqual(await played(plan, false));
    },
  );
});
