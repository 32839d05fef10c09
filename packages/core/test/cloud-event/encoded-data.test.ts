import { describe, expect, it } from "vitest";
import type { Mapping } from "../../src/normalize/mapping.js";
import { MappingChoice } from "../../src/normalize/mapping-choice.js";
import { fc, test } from "../properties.js";

const attributes = { specversion: "1.0", id: "1", source: "my-app", type: "tokens" };
const base64 = (text: string) => Buffer.from(text).toString("base64");

function read(members: object, mapping: Mapping = {}) {
  const chosen = new MappingChoice({ mapping }).of({ ...attributes, ...members }, undefined, {
    tenantId: "t",
    clientId: undefined,
  });
  if ("code" in chosen) throw new Error(chosen.code);
  return chosen.normalize({ ...attributes, ...members }, { receivedAt: "2026-03-01T12:00:00.000Z" });
}

const codes = (members: object, mapping?: Mapping) => {
  const result = read(members, mapping);
  return result.outcome === "rejected" ? result.issues.map(({ code, path }) => `${code} ${path}`.trim()) : [];
};

describe("data_base64 of a CloudEvent", () => {
  test.prop([fc.jsonValue()])("is read as data", (data) => {
    const mapping: Mapping = {
      fields: { amount: ["amount", "data.amount"] },
      identity: { fields: ["data"] },
    };
    const encoded = read({ data_base64: base64(JSON.stringify(data)) }, mapping);
    expect(encoded).toEqual(read({ data: JSON.parse(JSON.stringify(data)) }, mapping));
  });

  it('keeps digits, and is not decoded for `identity: "raw"`', () => {
    const data_base64 = base64('{"amount":1,"order_id":705167622904680449}');
    const identity = { fields: ["order_id"] };
    expect(read({ data_base64, datacontenttype: "application/json" }, { identity })).toMatchObject({
      event: { amount: "1" },
      distinguishing: '{"order_id":"705167622904680449"}',
    });
    expect(read({ data_base64 }, { identity: "raw" })).toMatchObject({
      distinguishing: expect.not.stringContaining('"data":'),
    });
  });

  it("is not read if it is of another type", () => {
    const data_base64 = base64('{"amount":5}');
    const mapping: Mapping = { defaults: { amount: "1" } };
    expect(read({ data_base64, datacontenttype: "image/png" }, mapping)).toMatchObject({
      event: { amount: "1" },
    });
    expect(read({ data_base64: base64("\0") }, mapping)).toMatchObject({ event: { amount: "1" } });
    expect(read({ data_base64: null }, mapping)).toMatchObject({ event: { amount: "1" } });
  });

  it.each(["{", "", 5, "!!!", Buffer.of(0xff).toString("base64"), base64("{")])(
    "is refused by name if it is %j and should be JSON",
    (data_base64) => {
      const mapping: Mapping = { defaults: { amount: "1" } };
      for (const datacontenttype of ["application/json", "application/json; charset=utf-8", "text/x+json"])
        expect(codes({ data_base64, datacontenttype }, mapping)).toEqual([
          "cloud_event_data_invalid data_base64",
        ]);
    },
  );

  it("is rejected if the event also has data", () => {
    expect(codes({ data: { amount: 1 }, data_base64: base64('{"amount":2}') })).toEqual([
      "cloud_event_data_invalid data_base64",
    ]);
  });
});
