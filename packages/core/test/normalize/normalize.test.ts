import { describe, expect, it } from "vitest";
import { z } from "zod";
import { canonicalJson } from "../../src/identity/canonical-json.js";
import { InexactNumber } from "../../src/inexact-number.js";
import type { Mapping } from "../../src/normalize/mapping.js";
import { createNormalize } from "../../src/normalize/normalize.js";
import type { NormalizeContext } from "../../src/normalize/normalized.js";
import { fc, test } from "../properties.js";

const receivedAt = "2026-03-01T12:00:00.000Z";
const normalize = (raw: unknown, mapping: Mapping = {}, context: Partial<NormalizeContext> = {}) =>
  createNormalize(mapping)(raw, { receivedAt, ...context });

function event(raw: unknown, mapping?: Mapping, context?: Partial<NormalizeContext>) {
  const normalized = normalize(raw, mapping, context);
  if (normalized.outcome === "rejected") throw new Error(JSON.stringify(normalized.issues));
  return normalized.event;
}

function issues(raw: unknown, mapping?: Mapping, context?: Partial<NormalizeContext>) {
  const normalized = normalize(raw, mapping, context);
  return normalized.outcome === "rejected"
    ? normalized.issues.map(({ code, path }) => `${code} ${path}`.trim())
    : [];
}

const plain = { clientId: "a", metric: "m", amount: 1, timestamp: "2024-01-01" };

describe("normalize", () => {
  it("reads a nested event and returns where each field came from", () => {
    const raw = {
      source: "client_A",
      payload: { metric: "purchase", amount: "1200", timestamp: "2024/01/01" },
    };
    expect(normalize(raw)).toEqual({
      outcome: "normalized",
      event: {
        clientId: "client_A",
        metric: "purchase",
        amount: "1200",
        unit: null,
        dimensions: null,
        timestamp: "2024-01-01T00:00:00.000Z",
        idempotencyKey: null,
      },
      provenance: {
        clientId: "source",
        metric: "payload.metric",
        amount: "payload.amount",
        timestamp: "payload.timestamp",
      },
      stamped: true,
      distinguishing: null,
    });
  });

  it("reads a flat event with other names", () => {
    const raw = {
      client_id: "client_B",
      event_type: "click",
      value: 500,
      date: "2024-01-15T10:30:00Z",
      message_id: 7,
    };
    expect(event(raw)).toEqual({
      clientId: "client_B",
      metric: "click",
      amount: "500",
      unit: null,
      dimensions: null,
      timestamp: "2024-01-15T10:30:00.000Z",
      idempotencyKey: "7",
    });
  });

  it.each([
    ["clientId", ["clientId", "client_id", "source", "client", "origin"]],
    ["metric", ["metric", "event_type", "eventType", "event", "type", "name"]],
    ["amount", ["amount", "value", "count", "quantity", "total", "price"]],
    ["unit", ["unit", "currency", "currency_code"]],
    ["timestamp", ["timestamp", "time", "date", "created_at", "createdAt", "occurred_at", "ts"]],
    [
      "idempotencyKey",
      ["idempotencyKey", "idempotency_key", "eventId", "event_id", "messageId", "message_id"],
    ],
  ] as const)("prefers the earlier of two names of %s, and skips null", (field, names) => {
    const values = names.map((_, i) => (field === "timestamp" ? `2024-01-0${i + 1}` : `${i + 1}`));
    const others = Object.fromEntries(Object.entries(plain).filter(([key]) => key !== field));
    names.forEach((_, first) => {
      const named = Object.fromEntries(
        names.map((name, i) => [name, i < first ? null : values[i]]).reverse(),
      );
      const expected = field === "timestamp" ? `${values[first]}T00:00:00.000Z` : values[first];
      expect(event({ ...others, ...named })[field]).toBe(expected);
    });
  });

  it.each(["payload", "data", "properties", "attributes"])(
    "searches %s only if the top level has none of the names",
    (container) => {
      const { amount: _, ...without } = plain;
      expect(event({ ...without, [container]: { amount: 2 } }).amount).toBe("2");
      expect(event({ ...without, price: 1, [container]: { amount: 2 } }).amount).toBe("1");
      expect(event({ ...without, amount: null, [container]: { price: 2 } }).amount).toBe("2");
      expect(issues({ ...without, amount: "x", [container]: { amount: 2 } })).toEqual([
        "amount_not_a_number amount",
      ]);
      expect(issues({ ...without, [container]: [{ amount: 2 }] })).toEqual(["amount_missing"]);
    },
  );

  it("uses the metric `unknown` and the time of receipt by default, and says so in the provenance", () => {
    const normalized = normalize({ client: "a", amount: 1 });
    expect(normalized).toMatchObject({
      outcome: "normalized",
      stamped: false,
      event: { metric: "unknown", timestamp: receivedAt },
      provenance: { metric: "default", timestamp: "receipt" },
    });
  });

  it("reports all issues at once", () => {
    expect(
      issues({ source: "", payload: { amount: "12abc", timestamp: "30 February" }, eventId: 1.5 }),
    ).toEqual([
      "client_id_invalid source",
      "amount_not_a_number payload.amount",
      "idempotency_key_invalid eventId",
      "timestamp_not_recognized payload.timestamp",
    ]);
  });

  it("distinguishes a missing field from an empty one", () => {
    expect(issues({})).toEqual(["client_id_missing", "amount_missing"]);
    expect(issues({ ...plain, clientId: "" })).toEqual(["client_id_invalid clientId"]);
    expect(issues({ ...plain, metric: " " })).toEqual(["metric_invalid metric"]);
    expect(issues({ ...plain, amount: "" })).toEqual(["amount_not_a_number amount"]);
    expect(issues({ ...plain, timestamp: "" })).toEqual(["timestamp_not_recognized timestamp"]);
    expect(issues({ ...plain, idempotencyKey: "" })).toEqual(["idempotency_key_invalid idempotencyKey"]);
  });

  it("tells how an amount can be omitted", () => {
    const normalized = normalize({ client: "a" });
    expect(normalized).toMatchObject({
      issues: [{ message: expect.stringContaining('`defaults.amount` to a constant such as "1"') }],
    });
    expect(event({ client: "a" }, { defaults: { amount: "1" } }).amount).toBe("1");
  });

  it.each([[null], [undefined], [1], ["text"], [true], [[]], [[plain]]])(
    "rejects %o, which is not an object",
    (raw) => {
      expect(issues(raw)).toEqual(["event_not_an_object"]);
    },
  );

  it("rejects a number that has lost digits", () => {
    expect(issues({ ...plain, amount: new InexactNumber("9007199254740993") })).toEqual([
      "amount_inexact amount",
    ]);
    expect(JSON.stringify({ amount: new InexactNumber("9007199254740993") })).toBe(
      '{"amount":"9007199254740993"}',
    );
    expect(
      issues({
        ...plain,
        clientId: new InexactNumber("1e30"),
        eventId: new InexactNumber("0.1234567890123456789"),
      }),
    ).toEqual(["client_id_invalid clientId", "idempotency_key_invalid eventId"]);
    expect(issues({ ...plain, idempotencyKey: 2 ** 53 })).toEqual(["idempotency_key_invalid idempotencyKey"]);
  });

  it("reads an integer of any size as its digits, for client, metric and key", () => {
    const big = "705167622904680449";
    const of = (value: unknown) => event({ client_id: value, type: value, amount: 1, event_id: value });
    expect(of(new InexactNumber(big))).toMatchObject({ clientId: big, metric: big, idempotencyKey: big });
    expect(of(BigInt(big))).toEqual(of(big));
    expect(issues({ ...plain, clientId: new InexactNumber("9".repeat(256)) })).toEqual([
      "client_id_invalid clientId",
    ]);
  });

  it.each([
    [{ client: "web", type: "signup", count: 1, properties: { source: "google" } }, "web", "signup", "1"],
    [
      { name: "Purchase", total: "59.97", client: "s", properties: { type: "gift", count: 3 } },
      "s",
      "Purchase",
      "59.97",
    ],
    [{ client: "a", properties: { event: "click", value: 2 }, data: { amount: 3 } }, "a", "click", "3"],
  ])("reads the top level of %j before containers, for all names", (raw, clientId, metric, amount) => {
    expect(event(raw)).toMatchObject({ clientId, metric, amount });
  });

  it("reads __proto__ and constructor as data", () => {
    expect(issues(JSON.parse('{"__proto__":{"clientId":"x","amount":1}}'))).toEqual([
      "client_id_missing",
      "amount_missing",
    ]);
    expect(event(JSON.parse('{"client":"a","amount":1,"__proto__":{"amount":2}}')).amount).toBe("1");
    expect(event(JSON.parse('{"client":"a","payload":{"__proto__":{"amount":2},"amount":3}}')).amount).toBe(
      "3",
    );
    const mapping: Mapping = { fields: { metric: "constructor" } };
    expect(event({ ...plain }, mapping).metric).toBe("unknown");
    expect(event({ ...plain, constructor: "c" }, mapping).metric).toBe("c");
    expect(event(plain, { fields: { metric: "constructor.name" } }).metric).toBe("unknown");
    expect(event({ ...plain, metric: "toString" }, { rules: {} }).metric).toBe("toString");
  });
});

describe("a vouched client", () => {
  it("is the client of events without one", () => {
    expect(normalize({ amount: 1 }, {}, { clientId: "a" })).toMatchObject({
      event: { clientId: "a" },
      provenance: { clientId: "caller" },
    });
  });

  it.each([
    ["clientId", { clientId: "b", amount: 1 }, undefined],
    ["client_id", { client_id: "b", amount: 1 }, undefined],
    ["source", { source: "b", amount: 1 }, "source"],
    ["payload.customer", { amount: 1, payload: { customer: "b" } }, "customer"],
  ])("cannot send events of another client, named at %s", (path, raw, name) => {
    const mapping: Mapping = { fields: { clientId: name } };
    expect(issues(raw, mapping, { clientId: "a" })).toEqual([`client_id_mismatch ${path}`]);
    expect(issues(raw, mapping, { clientId: "b" })).toEqual([]);
    expect(issues({ clientId: " a ", amount: 1 }, {}, { clientId: "a" })).toEqual([]);
  });

  it.each([
    { source: "google" },
    { origin: "https://shop.example" },
    { client: "ios" },
    { payload: { clientId: "b" } },
    { properties: { source: "google" } },
  ])("is not contradicted by %o", (more) => {
    const raw = { type: "signup", count: 1, ...more };
    expect(normalize(raw, {}, { clientId: "client_A" })).toMatchObject({
      event: { clientId: "client_A", metric: "signup" },
      provenance: { clientId: "caller" },
    });
  });

  it("may pass a key, which the event's own key overrides", () => {
    expect(event(plain, {}, { idempotencyKey: "k" }).idempotencyKey).toBe("k");
    expect(event({ ...plain, eventId: "own" }, {}, { idempotencyKey: "k" }).idempotencyKey).toBe("own");
    expect(issues(plain, {}, { idempotencyKey: " " })).toEqual(["idempotency_key_invalid"]);
  });
});

describe("a mapping", () => {
  it("replaces the names of a field, dotted paths included", () => {
    const mapping: Mapping = {
      fields: { clientId: "properties.net", amount: ["properties.mag", "size"], metric: "kind" },
    };
    expect(event({ properties: { net: "us", mag: 4.5 }, kind: "quake", amount: 9 }, mapping)).toMatchObject({
      clientId: "us",
      amount: "4.5",
      metric: "quake",
    });
    expect(event({ properties: { net: "us" }, size: 2 }, mapping).amount).toBe("2");
    expect(event({ "properties.net": "dotted", properties: { net: "us" }, size: 2 }, mapping).clientId).toBe(
      "dotted",
    );
    expect(issues({ clientId: "a", amount: 1 }, mapping)).toEqual(["client_id_missing", "amount_missing"]);
    expect(
      event(
        { properties: { net: "us" }, items: [{ price: 3 }] },
        { fields: { ...mapping.fields, amount: "items.0.price" } },
      ).amount,
    ).toBe("3");
  });

  it("prefers an earlier name to a later path into a container, and to a container of its own name", () => {
    const mapping: Mapping = { fields: { amount: ["net", "properties.total"] } };
    const of = (more: object) => event({ client: "a", ...more }, mapping).amount;
    expect(of({ properties: { net: 1, total: 2 } })).toBe("1");
    expect(of({ properties: { total: 2 } })).toBe("2");
    expect(of({ net: 3, properties: { net: 1, total: 2 } })).toBe("3");
    expect(of({ "properties.total": 4, properties: { net: 1, total: 2 } })).toBe("4");
    const paths: Mapping = { fields: { amount: ["properties.mag", "size"] } };
    expect(event({ client: "a", size: 1, properties: { mag: 4.5 } }, paths).amount).toBe("4.5");
    expect(event({ client: "a", properties: { size: 1, mag: 4.5 } }, paths).amount).toBe("4.5");
    const wrapped = { event: { type: "signup", client: "a", amount: 1 } };
    expect(event(wrapped, { containers: ["event"] })).toMatchObject({ metric: "signup", clientId: "a" });
  });

  it("names the containers", () => {
    expect(event({ body: { client: "a", amount: 1 } }, { containers: ["body"] }).amount).toBe("1");
    expect(issues({ payload: { client: "a", amount: 1 } }, { containers: ["body"] })).toHaveLength(2);
  });

  it("rejects two names with different values if `ambiguous` says so", () => {
    const mapping: Mapping = { ambiguous: "reject" };
    expect(issues({ ...plain, value: 2 }, mapping)).toEqual(["field_ambiguous amount"]);
    expect(issues({ ...plain, payload: { amount: 2 } }, mapping)).toEqual(["field_ambiguous amount"]);
    const { amount: _, ...without } = plain;
    expect(issues({ ...without, data: { amount: 2 }, payload: { amount: 3 } }, mapping)).toEqual([
      "field_ambiguous payload.amount",
    ]);
    expect(issues({ ...plain, value: 1, price: null }, mapping)).toEqual([]);
    expect(event({ ...plain, value: 2 }).amount).toBe("1");
  });

  it("rejects events without a timestamp if the mapping says so", () => {
    const { timestamp: _, ...unstamped } = plain;
    expect(issues(unstamped, { defaults: { timestamp: "reject" } })).toEqual(["timestamp_missing"]);
    expect(issues({ ...unstamped, eventId: "k" }, { defaults: { timestamp: "reject" } })).toEqual([
      "timestamp_missing",
    ]);
    expect(issues(unstamped, { unstamped: "reject" })).toEqual(["timestamp_missing"]);
    expect(issues({ ...unstamped, eventId: "k" }, { unstamped: "reject" })).toEqual([]);
    expect(issues(unstamped, { unstamped: "reject" }, { keyFollows: true })).toEqual([]);
  });

  it("limits how far in the future or past an event may be", () => {
    const mapping: Mapping = { maxAheadMs: 60_000, maxAgeMs: 86_400_000 };
    expect(issues({ ...plain, timestamp: "2026-03-01T12:01:00Z" }, mapping)).toEqual([]);
    expect(issues({ ...plain, timestamp: "2026-03-01T12:01:00.001Z" }, mapping)).toEqual([
      "timestamp_too_far_ahead timestamp",
    ]);
    expect(issues({ ...plain, timestamp: "2026-02-28T12:00:00Z" }, mapping)).toEqual([]);
    expect(issues({ ...plain, timestamp: "2026-02-28T11:59:59.999Z" }, mapping)).toEqual([
      "timestamp_too_old timestamp",
    ]);
  });

  it("reads times without an offset in its zone", () => {
    expect(event({ ...plain, timestamp: "2024-01-01 12:00" }, { timeZone: "Asia/Kolkata" }).timestamp).toBe(
      "2024-01-01T06:30:00.000Z",
    );
  });

  it("adds further fields, or the whole event, to the identity", () => {
    const raw = { ...plain, payload: { orderId: "o-1", empty: "" }, nothing: null };
    const of = (identity: NonNullable<Mapping["identity"]>) => normalize(raw, { identity });
    expect(of({ fields: ["payload.orderId", "payload.empty", "nothing", "missing"] })).toMatchObject({
      distinguishing: '{"nothing":null,"payload.empty":"","payload.orderId":"o-1"}',
    });
    expect(of("raw")).toMatchObject({
      distinguishing: expect.stringContaining('"payload":{"empty":"","orderId":"o-1"}'),
    });
    expect(of({ fields: ["payload"] })).toMatchObject({
      distinguishing: '{"payload":{"empty":"","orderId":"o-1"}}',
    });
    expect(issues({ ...plain, note: "\ud800" }, { identity: "raw" })).toEqual(["identity_field_invalid"]);
    expect(issues({ ...plain, note: "\ud800" })).toEqual([]);
  });
});

describe("the fields of the identity", () => {
  const identity = { fields: ["order_id", "line"] };
  const of = (raw: object, how: Mapping["identity"] = identity) => {
    const normalized = normalize({ ...plain, ...raw }, { identity: how });
    return normalized.outcome === "normalized" ? normalized.distinguishing : normalized.issues[0]?.message;
  };

  it("are found in containers if the top level has none", () => {
    expect(of({ data: { order_id: 1 } })).toBe('{"order_id":1}');
    expect(of({ order_id: 2, data: { order_id: 1, line: "a" } })).toBe('{"line":"a","order_id":2}');
    expect(of({ order_id: null, data: { order_id: 1 } })).toBe('{"order_id":1}');
    expect(of({ order_id: null })).toBe('{"order_id":null}');
    expect(of({ data: { order_id: null } })).toBe("{}");
  });

  it.each([
    [7, "7"],
    [7, 7n],
    [-0, 0],
    [1.5, "1.5"],
    [1e21, "1e+21"],
    [new InexactNumber("705167622904680449"), "705167622904680449"],
    [new InexactNumber("705167622904680449"), 705167622904680449n],
    [new InexactNumber("1152921504606846976"), 1152921504606846976n],
  ])("are the same for %s and %s", (one, other) => {
    expect(of({ order_id: one })).toBe(of({ order_id: other }));
    expect(of({ a: [{ b: one }] }, "raw")).toBe(of({ a: [{ b: other }] }, "raw"));
  });

  it("include the form of an earlier version if it differs", () => {
    const former = (raw: object, how: Mapping["identity"] = identity) => {
      const normalized = normalize({ ...plain, ...raw }, { identity: how });
      return normalized.outcome === "normalized" ? normalized.formerDistinguishing : normalized.outcome;
    };
    expect(former({ order_id: "7", line: 2 })).toBe('{"line":2,"order_id":"7"}');
    expect(former({ order_id: "7", data: { a: 1 } })).toBe('{"order_id":"7"}');
    expect(former({ order_id: 7, line: "x" })).toBeUndefined();
    // earlier versions read no field in a container, and rejected large numbers here
    expect(former({ order_id: "7", data: { line: 2 } })).toBeUndefined();
    expect(former({ order_id: "7", line: new InexactNumber("705167622904680449") })).toBeUndefined();
    expect(former({ a: ["7"] }, "raw")).toBe(canonicalJson({ ...plain, a: ["7"] }));
    expect(former({ a: [7] }, "raw")).toBeUndefined();
  });

  it("differ for other spellings of a number", () => {
    const spellings = [
      "7",
      "07",
      "7.0",
      "+7",
      "7e0",
      " 7",
      "-7",
      "Infinity",
      "-Infinity",
      "NaN",
      "-0",
      "0",
      "",
    ];
    expect(new Set(spellings.map((spelling) => of({ order_id: spelling }))).size).toBe(spellings.length);
  });

  test.prop([fc.string(), fc.string()])("differ for two strings, and are JSON", (one, other) => {
    if (!one.isWellFormed() || !other.isWellFormed()) return;
    expect(of({ order_id: one }) === of({ order_id: other })).toBe(one === other);
    expect(String(JSON.parse(of({ order_id: one }) ?? "").order_id)).toBe(one);
  });

  test.prop([fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger())])(
    "are the same for a number and its digits",
    (number) => {
      expect(of({ order_id: number })).toBe(of({ order_id: String(number) }));
    },
  );
});

describe("rules of a metric", () => {
  const purchase = z.object({
    currency: z.enum(["EUR", "USD"]),
    payload: z.object({ items: z.array(z.string()).min(1) }),
  });
  const mapping: Mapping = { rules: { purchase } };
  const raw = { client: "a", metric: "purchase", amount: 1, currency: "EUR", payload: { items: ["x"] } };

  it("reject an event that does not fit, with the path", () => {
    expect(issues(raw, mapping)).toEqual([]);
    expect(issues({ ...raw, currency: "GBP", payload: { items: [] } }, mapping)).toEqual([
      "rule_failed currency",
      "rule_failed payload.items",
    ]);
  });

  it("do not apply to other metrics, and change nothing", () => {
    expect(issues({ ...raw, metric: "refund", currency: "GBP" }, mapping)).toEqual([]);
    expect(
      event(
        { ...raw, amount: "5" },
        { rules: { purchase: z.looseObject({ amount: z.coerce.number().transform(() => 9) }) } },
      ).amount,
    ).toBe("5");
  });

  it("reject the event if they are asynchronous or throw", () => {
    const asynchronous = z.object({}).refine(async () => true);
    expect(issues(raw, { rules: { purchase: asynchronous } })).toEqual(["rule_unusable"]);
    const throwing = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: () => {
          throw new Error("no rules at rules.internal");
        },
      },
    } as const;
    expect(issues(raw, { rules: { purchase: throwing } })).toEqual(["rule_unusable"]);
    const refused = normalize(raw, { rules: { purchase: throwing } });
    expect(refused).toMatchObject({ issues: [{ cause: { message: "no rules at rules.internal" } }] });
    expect(JSON.stringify(refused)).not.toContain("rules.internal");
  });
});

describe("laws of normalizing", () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom("2024-01-01", 5, "1e3", "a", -1, null, Number.NaN, "\ud800"),
  );
  const key = fc.oneof(
    fc.constantFrom(
      "clientId",
      "source",
      "metric",
      "type",
      "amount",
      "value",
      "timestamp",
      "ts",
      "eventId",
      "payload",
      "__proto__",
    ),
    fc.string(),
  );
  const object = fc
    .array(fc.tuple(key, value), { maxLength: 8 })
    .map((members) => Object.fromEntries(members));
  const raw = fc.oneof(
    object,
    fc.tuple(object, object).map(([top, payload]) => ({ ...top, payload })),
    fc.anything(),
  );

  test.prop([raw], { numRuns: 500 })(
    "it never throws, and yields the same result for the same event",
    (some) => {
      const first = normalize(some);
      expect(normalize(some)).toEqual(first);
      if (first.outcome === "rejected") expect(first.issues.length).toBeGreaterThan(0);
      else
        expect(Object.keys(first.event).sort()).toEqual([
          "amount",
          "clientId",
          "dimensions",
          "idempotencyKey",
          "metric",
          "timestamp",
          "unit",
        ]);
    },
  );

  test.prop([object])("the order of keys does not matter", (some) => {
    const reversed = Object.fromEntries(Object.entries(some).reverse());
    expect(normalize(reversed)).toEqual(normalize(some));
  });

  test.prop([object])("an event survives a trip through JSON text", (some) => {
    const sent = JSON.parse(JSON.stringify(some));
    expect(normalize(JSON.parse(JSON.stringify(sent, null, 2)))).toEqual(normalize(sent));
  });
});
