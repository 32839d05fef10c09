import { describe, expect, it } from "vitest";
import type { Mapping } from "../../src/normalize/mapping.js";
import { MappingChoice, type MappingOptions } from "../../src/normalize/mapping-choice.js";

const context = { tenantId: "t", clientId: undefined };
const receivedAt = "2026-03-01T12:00:00.000Z";

function read(raw: unknown, options: MappingOptions, named?: string) {
  const mapping = new MappingChoice(options).of(raw, named, context);
  return "code" in mapping ? mapping : mapping.normalize(raw, { receivedAt });
}

const cloudEvent = {
  specversion: "1.0",
  id: "A1",
  source: "/sensors/7",
  type: "io.evt.reading",
  time: "2024-01-01T00:00:00Z",
  data: { value: 21.5 },
};

describe("the choice of a mapping", () => {
  it("reads a CloudEvent by its attributes", () => {
    expect(read(cloudEvent, {})).toMatchObject({
      event: {
        clientId: "/sensors/7",
        metric: "io.evt.reading",
        amount: "21.5",
        timestamp: "2024-01-01T00:00:00.000Z",
        idempotencyKey: "A1",
      },
      provenance: { amount: "data.value" },
    });
    expect(read({ ...cloudEvent, eventId: "other", metric: "other" }, {})).toMatchObject({
      event: { metric: "io.evt.reading", idempotencyKey: "A1" },
    });
  });

  it("prefers the mapping's own names to the attributes of a CloudEvent", () => {
    const tokens = {
      ...cloudEvent,
      subject: "customer-1",
      data: { value: 5, model: "m-1", at: "2024-02-02", run: "r" },
    };
    const fields = { clientId: "subject", metric: "model", timestamp: "data.at", idempotencyKey: "run" };
    expect(read(tokens, { mapping: { fields } })).toMatchObject({
      event: {
        clientId: "customer-1",
        metric: "m-1",
        amount: "5",
        timestamp: "2024-02-02T00:00:00.000Z",
        idempotencyKey: "r",
      },
      provenance: { metric: "data.model" },
    });
    expect(read(tokens, { mapping: { fields: { clientId: "subject" } } })).toMatchObject({
      event: { clientId: "customer-1", metric: "io.evt.reading", idempotencyKey: "A1" },
    });
  });

  it("reads the attributes of a CloudEvent that lacks the mapping's own names, except for the client", () => {
    const fields = { metric: "model", timestamp: "at", idempotencyKey: "run" };
    expect(read(cloudEvent, { mapping: { fields, ambiguous: "reject" } })).toMatchObject({
      event: { metric: "io.evt.reading", timestamp: "2024-01-01T00:00:00.000Z", idempotencyKey: "A1" },
      provenance: { metric: "type", timestamp: "time", idempotencyKey: "id" },
    });
    expect(read(cloudEvent, { mapping: { fields: { clientId: "subject" } } })).toMatchObject({
      issues: [{ code: "client_id_missing" }],
    });
    expect(read(cloudEvent, { mapping: { fields: { clientId: ["subject", "source"] } } })).toMatchObject({
      event: { clientId: "/sensors/7" },
    });
  });

  it("reads the attributes of a CloudEvent, whatever its data says", () => {
    const data = { source: "google", type: "gift", time: "2020-01-01", id: "B2", value: 1 };
    expect(read({ ...cloudEvent, data }, {})).toMatchObject({
      event: { clientId: "/sensors/7", metric: "io.evt.reading", idempotencyKey: "A1", amount: "1" },
    });
  });

  it("counts a CloudEvent for its caller, unless the mapping's own name says otherwise", () => {
    const of = (raw: object, mapping: Mapping = {}) => {
      const chosen = new MappingChoice({ mapping }).of(raw, undefined, context);
      return "code" in chosen ? chosen : chosen.normalize(raw, { receivedAt, clientId: "a" });
    };
    expect(of(cloudEvent)).toMatchObject({ event: { clientId: "a" }, provenance: { clientId: "caller" } });
    const mismatch = { issues: [{ code: "client_id_mismatch" }] };
    expect(of({ ...cloudEvent, client_id: "b" })).toMatchObject(mismatch);
    const { source: _, ...sourceless } = cloudEvent;
    expect(of({ ...sourceless, client_id: "b" })).toMatchObject(mismatch);
    expect(of({ ...cloudEvent, subject: "b" }, { fields: { clientId: "subject" } })).toMatchObject(mismatch);
  });

  it("uses the other options of the default mapping for CloudEvents", () => {
    const { data: _, ...bare } = cloudEvent;
    expect(read(bare, { mapping: { defaults: { amount: "1" } } })).toMatchObject({ event: { amount: "1" } });
  });

  it("uses the named mapping, then the selected one, then the one that fits the event", () => {
    const options: MappingOptions = {
      mappings: { a: { defaults: { clientId: "a" } }, b: { defaults: { clientId: "b" } } },
      selectMapping: (raw) => ((raw as { kind?: string }).kind === "b" ? "b" : undefined),
    };
    expect(read({ amount: 1, kind: "b" }, options, "a")).toMatchObject({ event: { clientId: "a" } });
    expect(read({ amount: 1, kind: "b" }, options)).toMatchObject({ event: { clientId: "b" } });
    expect(read({ amount: 1, kind: "c" }, options)).toMatchObject({
      issues: [{ code: "client_id_missing" }],
    });
    expect(read({ ...cloudEvent, kind: "b" }, options)).toMatchObject({
      event: { clientId: "/sensors/7", idempotencyKey: null },
    });
  });

  it("rejects the event if the selection throws or returns an unknown name", () => {
    expect(read({}, { mappings: { a: {} }, selectMapping: () => "toString" })).toMatchObject({
      code: "mapping_unknown",
      message: 'selectMapping returned "toString", which is not a mapping',
    });
    const secret = new Error("connect ECONNREFUSED mappings.internal:5432");
    const throwing = () => {
      throw secret;
    };
    const issue = read({}, { selectMapping: throwing });
    expect(issue).toMatchObject({ code: "mapping_unknown", cause: secret });
    expect(JSON.stringify(issue)).not.toContain("mappings.internal");
  });
});
