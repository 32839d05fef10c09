import { describe, expect, it } from "vitest";
import { explain } from "../../src/explain/explain.js";
import type { Mapping } from "../../src/normalize/mapping.js";
import { createNormalize } from "../../src/normalize/normalize.js";

const plain = { clientId: "a", metric: "m", amount: 5, timestamp: "2024-01-01" };
const context = { receivedAt: "2026-03-01T12:00:00.000Z" };

function read(raw: object, mapping?: Mapping) {
  const normalized = createNormalize(mapping)({ ...plain, ...raw }, context);
  const { unit, dimensions } = normalized.event;
  const issues = normalized.outcome === "rejected" ? normalized.issues : [];
  return { unit, dimensions, issues, provenance: normalized.provenance };
}

const codes = (raw: object, mapping?: Mapping) =>
  read(raw, mapping).issues.map(({ code, path }) => `${code} ${path}`);

describe("the unit of an event", () => {
  it("is read from its names, at the top level first", () => {
    expect(read({}).unit).toBeNull();
    expect(read({ currency_code: "EUR" }).unit).toBe("EUR");
    expect(read({ payload: { currency: " EUR " } })).toMatchObject({
      unit: "EUR",
      provenance: { unit: "payload.currency" },
    });
    expect(read({ payload: { unit: "EUR" }, currency: "USD" }).unit).toBe("USD");
    expect(read({ unit: null, currency: "usd" }).unit).toBe("usd");
    expect(read({ unit: 7 }).unit).toBe("7");
  });

  it("has names of its own, or none", () => {
    expect(read({ currency: "EUR", money: "USD" }, { fields: { unit: "money" } }).unit).toBe("USD");
    expect(read({ currency: { code: "EUR" } }, { fields: { unit: "currency.code" } }).unit).toBe("EUR");
    expect(read({ currency: { code: "EUR" } }, { fields: { unit: [] } }).unit).toBeNull();
  });

  it("has a default", () => {
    const mapping = { defaults: { unit: "EUR" } };
    expect(read({}, mapping)).toMatchObject({ unit: "EUR", provenance: { unit: "default" } });
    expect(read({ currency: "USD" }, mapping).unit).toBe("USD");
  });

  it("is not read for a default amount", () => {
    const raw = { amount: undefined, currency: "EUR" };
    expect(read(raw, { defaults: { amount: "1" } }).unit).toBeNull();
    expect(read(raw, { defaults: { amount: "1", unit: "calls" } }).unit).toBe("calls");
  });

  it.each([[""], [" "], [true], [1.5], [{}], [["EUR"]], ["x".repeat(65)], ["a\0b"], ["\ud800"]])(
    "rejects the event if it is %j",
    (currency) => {
      expect(codes({ currency })).toEqual(["unit_invalid currency"]);
    },
  );

  it("has up to 64 characters", () => {
    expect(read({ unit: "😀".repeat(64) }).unit).toBe("😀".repeat(64));
    expect(read({ unit: "x".repeat(65) }).issues).toMatchObject([
      { message: "unit has 65 characters; the limit is 64" },
    ]);
  });

  it("is ambiguous with two values, if the mapping says so", () => {
    expect(codes({ unit: "EUR", currency: "USD" }, { ambiguous: "reject" })).toEqual([
      "field_ambiguous unit",
    ]);
  });

  it("comes from the envelope if the event has none", () => {
    const events = [
      { type: "a", amount: 1 },
      { type: "b", amount: 2, currency: "USD" },
    ];
    const explained = explain({ unwrap: "events" }, [{ client: "shop", currency: "EUR", events }]);
    expect(explained.events.map(({ canonical }) => canonical.unit)).toEqual(["EUR", "USD"]);
  });

  it("may be in the data of a CloudEvent", () => {
    const cloudEvent = {
      specversion: "1.0",
      id: "1",
      source: "s",
      type: "t",
      data: { amount: 5, currency: "EUR" },
    };
    const [explained] = explain({}, [cloudEvent]).events;
    expect(explained?.canonical.unit).toBe("EUR");
  });
});

describe("the dimensions of an event", () => {
  const dimensions = { region: ["geo.region", "region"], plan: "properties.plan", "a-b": "ab" };

  it("are read by their paths and names, in the order of their names", () => {
    const raw = { properties: { plan: "pro", region: "us" }, geo: { region: "eu" }, ab: 7 };
    const found = read(raw, { dimensions });
    expect(JSON.stringify(found.dimensions)).toBe('{"a-b":"7","plan":"pro","region":"eu"}');
    expect(found.provenance).toMatchObject({
      "dimension.a-b": "ab",
      "dimension.plan": "properties.plan",
      "dimension.region": "geo.region",
    });
    expect(read({ payload: { region: "us" } }, { dimensions }).dimensions).toEqual({ region: "us" });
  });

  it("are absent if the event has none, and without the option", () => {
    expect(read({ plan: null }, { dimensions }).dimensions).toBeNull();
    expect(read({ region: "eu" }).dimensions).toBeNull();
    expect(read({ region: "" }, { dimensions, empty: "absent" }).dimensions).toBeNull();
  });

  it("share one provenance only between events of the same shape", () => {
    const normalize = createNormalize({ dimensions });
    const of = (raw: object) => normalize({ ...plain, ...raw }, context).provenance;
    const shapes = [{}, { region: "a" }, { geo: { region: "a" } }, { ab: "a" }, { ab: "a", region: "b" }];
    const first = shapes.map(of);
    expect(new Set(first).size).toBe(shapes.length);
    expect(shapes.map(of)).toEqual(first);
    expect(of({ region: "c" })).toBe(first[1]);
  });

  it.each([[""], [true], [1.5], [{ a: 1 }], ["x".repeat(256)], ["a\0b"]])(
    "reject the event if one is %j",
    (region) => {
      expect(codes({ region }, { dimensions })).toEqual(["dimension_invalid region"]);
    },
  );

  it("take the next readable value, or are ambiguous, as fields are", () => {
    const raw = { geo: { region: true }, region: "eu" };
    expect(read(raw, { dimensions, unreadable: "next" }).dimensions).toEqual({ region: "eu" });
    const two = { geo: { region: "us" }, region: "eu" };
    expect(codes(two, { dimensions, ambiguous: "reject" })).toEqual(["field_ambiguous geo.region"]);
  });

  it("are in the table of `explain`, with their paths", () => {
    const { table } = explain({ dimensions }, [{ ...plain, currency: "EUR", region: "eu" }]);
    expect(table).toMatch(/unit +EUR +currency\n/);
    expect(table).toMatch(/dimension\.region +eu +region$/);
  });

  it.each([
    [{ dimensions: { "": "a" } }, /mapping\.dimensions has the name ""; use a letter/],
    [{ dimensions: { "1a": "a" } }, /has the name "1a"/],
    [{ dimensions: { "a.b": "a" } }, /has the name "a\.b"/],
    [{ dimensions: { ["n".repeat(64)]: "a" } }, /has the name "n+/],
    [{ dimensions: { plan: "" } }, /mapping\.dimensions\.plan must be one or more names/],
    [{ dimensions: { plan: [] } }, /mapping\.dimensions\.plan must be one or more names/],
    [
      { dimensions: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`d${i}`, "a"])) },
      /mapping\.dimensions has 9 dimensions; the limit is 8/,
    ],
    [{ defaults: { unit: " EUR" } }, /mapping\.defaults\.unit is " EUR": write it as the string "EUR"/],
  ] as const)("of %j are refused", (mapping, message) => {
    expect(() => createNormalize(mapping)).toThrow(message);
  });
});
