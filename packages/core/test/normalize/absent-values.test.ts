import { describe, expect, it } from "vitest";
import { createNormalize } from "../../src/normalize/normalize.js";
import { fc, test } from "../properties.js";

const context = { receivedAt: "2026-11-23T09:00:00.000Z" };
const row = { client: "shop", type: "order", ts: 1_700_000_000 };

describe("empty: absent", () => {
  const normalize = createNormalize({ empty: "absent" });

  it.each(["", " ", "\t\r\n"])("uses the next name if the first has %o", (empty) => {
    const result = normalize(
      { ...row, client_id: empty, value: empty, total: "5", event_id: empty },
      context,
    );
    expect(result).toMatchObject({
      outcome: "normalized",
      event: { clientId: "shop", amount: "5", idempotencyKey: null },
      provenance: { clientId: "client", amount: "total" },
    });
  });

  it("searches the containers if the event's own level has only empty cells", () => {
    const result = normalize({ ...row, amount: "", properties: { amount: "", count: 3 } }, context);
    expect(result).toMatchObject({ event: { amount: "3" }, provenance: { amount: "properties.count" } });
  });

  it("rejects an event without another value as one without the field", () => {
    const result = normalize({ ...row, amount: "" }, context);
    expect(result).toMatchObject({ outcome: "rejected", issues: [{ code: "amount_missing" }] });
  });

  it("gives an event without a timestamp the time of its arrival", () => {
    expect(normalize({ ...row, ts: "", amount: 1 }, context)).toMatchObject({
      event: { timestamp: context.receivedAt },
      stamped: false,
    });
  });

  it("accepts an empty client of a vouched client", () => {
    const vouched = { ...context, clientId: "client_A" };
    const result = normalize({ type: "order", amount: 1, clientId: "" }, vouched);
    expect(result).toMatchObject({ outcome: "normalized", event: { clientId: "client_A" } });
  });

  it("does not treat an empty value as ambiguous", () => {
    const strict = createNormalize({ empty: "absent", ambiguous: "reject" });
    expect(strict({ ...row, amount: "5", total: "" }, context)).toMatchObject({ outcome: "normalized" });
  });

  it("is off by default", () => {
    expect(createNormalize()({ ...row, value: "", total: "5" }, context)).toMatchObject({
      outcome: "rejected",
      issues: [{ code: "amount_not_a_number", path: "value" }],
    });
  });
});

describe("unreadable: next", () => {
  const normalize = createNormalize({ unreadable: "next" });

  it("uses the next name that can be read, for every field", () => {
    const event = {
      ...{ client_id: {}, client: "shop", event: [], type: "order" },
      ...{ value: "n/a", total: "5", time: "soon", ts: 1_700_000_000, eventId: {}, message_id: "m" },
    };
    expect(normalize(event, context)).toMatchObject({
      outcome: "normalized",
      event: { clientId: "shop", metric: "order", amount: "5", idempotencyKey: "m" },
      provenance: {
        ...{
          clientId: "client",
          metric: "type",
          amount: "total",
          timestamp: "ts",
          idempotencyKey: "message_id",
        },
      },
    });
  });

  it("reports the first value if none can be read", () => {
    expect(normalize({ ...row, value: "n/a", total: "-" }, context)).toMatchObject({
      outcome: "rejected",
      issues: [{ code: "amount_not_a_number", path: "value" }],
    });
  });

  it("still rejects a client that is not the caller's", () => {
    const vouched = { ...context, clientId: "client_A" };
    const result = normalize(
      { type: "order", amount: 1, clientId: "client_B", client_id: "client_A" },
      vouched,
    );
    expect(result).toMatchObject({ outcome: "rejected", issues: [{ code: "client_id_mismatch" }] });
  });

  it("is off by default", () => {
    expect(createNormalize()({ ...row, value: "n/a", total: "5" }, context)).toMatchObject({
      outcome: "rejected",
    });
  });
});

test.prop([
  fc.dictionary(fc.constantFrom("amount", "value", "total"), fc.constantFrom("", " ", "x", "1", "2")),
])("with both options, an amount is the first of the names that has a number", (amounts) => {
  const normalize = createNormalize({ empty: "absent", unreadable: "next" });
  const first = ["amount", "value", "total"].find((name) => /^[12]$/.test(amounts[name] ?? ""));
  const result = normalize({ ...row, ...amounts }, context);
  if (first === undefined) expect(result.outcome).toBe("rejected");
  else expect(result).toMatchObject({ event: { amount: amounts[first] }, provenance: { amount: first } });
});
