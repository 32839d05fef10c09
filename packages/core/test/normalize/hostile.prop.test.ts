import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import { createNormalize } from "../../src/normalize/normalize.js";
import { canonicalAmount, name } from "../arbitraries.js";
import { fc, test } from "../properties.js";

const context = { receivedAt: "2026-03-01T12:00:00.000Z" };
const FIELDS = [
  "clientId",
  "source",
  "metric",
  "amount",
  "value",
  "timestamp",
  "ts",
  "eventId",
  "payload",
  "data",
];

const throws = (error: unknown) => () => {
  throw error;
};

type Maker = () => unknown;

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function cycle(): unknown {
  const event: Record<string, unknown> = { clientId: "a" };
  event.payload = event;
  event.amount = [event];
  return event;
}

function unwilling(error: unknown): unknown {
  const trap = throws(error);
  return new Proxy(
    {},
    { get: trap, has: trap, getOwnPropertyDescriptor: trap, ownKeys: trap, getPrototypeOf: trap },
  );
}

/** A value that a program may pass and that is not JSON. Created on use, because the generator must not inspect it. */
const odd: fc.Arbitrary<Maker> = fc.oneof(
  fc.constantFrom<Maker>(
    revoked,
    cycle,
    () => Symbol("s"),
    () => throws,
    () => new Date(Number.NaN),
    () => new Map([[1, 2]]),
    () => 1n,
    () => -0,
    () => unwilling(new Error("no")),
    () => unwilling(null),
    () => unwilling(Object.create(null)),
    () => unwilling(revoked()),
    () => ({ toString: throws(new Error("no")), valueOf: throws(null), toJSON: throws(Symbol("no")) }),
    () => ({ toJSON: () => undefined }),
    () => Object.create(null),
  ),
  fc
    .anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true })
    .map((value) => () => value),
);

/** An event with such values, some behind getters that throw or return another value each time. */
const hostile: fc.Arbitrary<Maker> = fc
  .array(fc.tuple(fc.constantFrom(...FIELDS), odd, fc.constantFrom("value", "throws", "changes")), {
    maxLength: 6,
  })
  .map((members) => () => {
    const event = {};
    for (const [key, make, how] of members) {
      let asked = 0;
      const value = make();
      const get = how === "throws" ? throws(value) : () => (asked++ % 2 === 0 ? value : { value });
      const as = how === "value" ? { value } : { get };
      Object.defineProperty(event, key, { ...as, enumerable: true, configurable: true });
    }
    return event;
  });

const jsonEvent: fc.Arbitrary<Maker> = fc
  .oneof(
    fc.dictionary(
      fc.oneof(fc.constantFrom(...FIELDS, "__proto__", "constructor"), fc.string()),
      fc.jsonValue(),
    ),
    fc.jsonValue(),
  )
  .map((value) => () => value);

describe("any value", () => {
  test.prop([fc.oneof(hostile, odd, jsonEvent)], { numRuns: 1_000 })(
    "is normalized or rejected with an issue",
    (raw) => {
      const normalized = createNormalize()(raw, context);
      if (normalized.outcome === "rejected") {
        expect(normalized.issues.length).toBeGreaterThan(0);
        for (const { code, message } of normalized.issues) {
          expect(code).toMatch(/^[a-z_]+$/);
          expect(message.length).toBeLessThan(600);
        }
      } else expect(createNormalize()(normalized.event, context)).toMatchObject({ event: normalized.event });
    },
  );

  it("has an outcome, and does not affect other events", async () => {
    const events = createEvt({ store: new MemoryStore() }).tenant("t");
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(hostile, odd), async (make) => {
        const good = { clientId: "good", amount: 1, eventId: String(sent++) };
        const { outcomes } = await events.ingestMany([make(), good]);
        expect(outcomes[1]?.outcome).toBe("processed");
        expect(["processed", "duplicate", "conflict", "rejected"]).toContain(outcomes[0]?.outcome);
      }),
      { numRuns: 500 },
    );
  });

  test.prop([
    fc.record({
      clientId: name,
      metric: name,
      amount: canonicalAmount,
      timestamp: fc.constantFrom(
        "2024-01-01T00:00:00.000Z",
        "1971-01-01T00:00:00.000Z",
        "9998-12-31T23:59:59.999999Z",
      ),
      idempotencyKey: fc.option(name),
    }),
  ])("is left as it is where it is canonical", (event) => {
    expect(createNormalize()(event, context)).toMatchObject({ outcome: "normalized", event });
  });
});
