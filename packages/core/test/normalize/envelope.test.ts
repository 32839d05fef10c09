import { describe, expect, it } from "vitest";
import type { Mapping } from "../../src/normalize/mapping.js";
import { createNormalize } from "../../src/normalize/normalize.js";

const context = { receivedAt: "2024-06-01T00:00:00.000Z" };
const counting: Mapping = { defaults: { clientId: "shop", amount: "1" } };
const order = { type: "order", amount: 5 };

const read = (raw: unknown, mapping: Mapping = {}) => createNormalize(mapping)(raw, context);

describe("an object that contains events is rejected as an envelope", () => {
  it.each([
    ["data", { client: "shop", total: 2, data: [order, { ...order, amount: 6 }] }, {}],
    ["batch", { batch: [{ event: "click" }], writeKey: "w", sentAt: "2024-01-01T00:00:00Z" }, counting],
    ["events", { client: "shop", count: 1, events: [{ name: "click" }] }, {}],
    ["records", { client: "shop", records: [{ id: 1 }, { id: 2 }] }, counting],
    ["items", { client: "shop", items: [order] }, counting],
    ["Records", { client: "shop", Records: [order] }, counting],
    ["payload", { client: "shop", payload: [order] }, counting],
    ["data.events", { client: "shop", data: { events: [order] } }, counting],
    ["resourceMetrics", { resourceMetrics: [{ scopeMetrics: [] }] }, counting],
    ["orders", { client: "shop", total: 2, orders: [order, order] }, {}],
    ["data", { client: "shop", total: 2, date: "2024-01-01", data: [order, order] }, {}],
    ["data", { client: "shop", total: 2, messageId: "b1", data: [order, order] }, {}],
    ["data", { client: "shop", total: 11, data: [order, { ...order, amount: 6 }] }, {}],
    ["data", { client: "shop", type: "batch", total: 2, data: [order, order] }, {}],
    ["data", { client: "shop", total: 250, data: [{ id: 1 }, { id: 2 }] }, {}],
    ["events", { client: "shop", total: 0, events: [] }, {}],
    ["batch", { batch: [] }, counting],
    ["rows", { client: "shop", total: 2, rows: [order, order] }, { containers: ["rows"] }],
  ])("with its events in %s: %j", (path, raw, mapping) => {
    const message = expect.stringContaining(`\`unwrap: "${path}"\``);
    expect(read(raw, mapping)).toMatchObject({
      outcome: "rejected",
      issues: [{ code: "event_is_envelope", path, message }],
    });
  });

  it("at the usual name, if it has several arrays, in any order", () => {
    const [known, other] = [{ data: [order] }, { aaa: [order] }];
    for (const raw of [
      { ...other, ...known },
      { ...known, ...other },
    ])
      expect(read(raw, counting)).toMatchObject({ issues: [{ path: "data" }] });
  });

  it("and only its client is read", () => {
    expect(read({ client: "shop", total: 2, data: [order, order] })).toMatchObject({
      event: { clientId: "shop" },
      provenance: { clientId: "client" },
    });
    expect(read({ total: 2, data: [order, order] })).toMatchObject({ event: {}, provenance: {} });
  });

  it("also under a mapping that unwraps another path", () => {
    const raw = { client: "shop", total: 2, data: [order, order] };
    expect(read(raw, { unwrap: "events" })).toMatchObject({ issues: [{ code: "event_is_envelope" }] });
  });
});

describe("an event that has an array is one event", () => {
  const items = [
    { sku: "a", name: "Pen", price: "4.00", quantity: 1 },
    { sku: "b", name: "Book", price: "8.00", quantity: 1 },
  ];

  it.each([
    ["an order with its items", { client: "shop", type: "order", total: 12, order_id: 7, items }, "12"],
    ["an order that costs as much as it has items", { client: "shop", type: "order", total: 2, items }, "2"],
    ["an order inside a container", { client: "shop", data: { event: "order", total: 12, items } }, "12"],
    ["an amount without a metric", { client: "shop", amount: 12, items: [{ sku: "a" }] }, "12"],
    ["a list of another name", { client: "web", count: 1, date: "2024-01-01", tests: [{ id: "a" }] }, "1"],
    ["strings in an array", { client: "web", count: 1, items: ["a", "b"] }, "1"],
    ["an empty list", { client: "web", count: 1, items: [] }, "1"],
  ])("%s", (_, raw, amount) => {
    expect(read(raw)).toMatchObject({ outcome: "normalized", event: { amount } });
  });

  it("if the mapping says so", () => {
    const raw = { client: "shop", total: 2, data: [order, order] };
    expect(read(raw, { unwrap: false })).toMatchObject({ event: { metric: "unknown", amount: "2" } });
  });
});

it.each([[""], [5], [true], [[]]])("a mapping whose unwrap is %j is refused", (unwrap) => {
  expect(() => createNormalize({ unwrap } as never)).toThrow(
    /mapping.unwrap is .*must be a path, a function or false/,
  );
});

it("a field with an empty list of names is never read", () => {
  const raw = { client: "shop", type: "order", amount: "a custom member" };
  expect(read(raw, { fields: { amount: [] }, defaults: { amount: "1" } })).toMatchObject({
    event: { amount: "1" },
  });
  expect(read(raw, { fields: { amount: [] } })).toMatchObject({ issues: [{ code: "amount_missing" }] });
});
