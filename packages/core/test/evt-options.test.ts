import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { createEvt } from "../src/create-evt.js";

const create = (options: object) => () => createEvt({ store: new MemoryStore(), ...options });

describe("createEvt", () => {
  it("suggests the option that was meant", () => {
    expect(create({ maping: {} })).toThrow(
      new TypeError('createEvt has no option "maping"; did you mean "mapping"?'),
    );
    expect(create({ mapping: { timezone: "UTC" } })).toThrow('did you mean "timeZone"?');
    expect(create({ mappings: { a: { field: {} } } })).toThrow(
      'mappings.a has no option "field"; did you mean "fields"?',
    );
    expect(create({ limits: { everything: 1 } })).toThrow("the options are batchRecords");
  });

  it("names the method that a store lacks", () => {
    expect(() => createEvt({ store: { insert: () => undefined } as never })).toThrow("no method park");
    expect(() => createEvt({} as never)).toThrow("createEvt needs a store, such as new MemoryStore()");
    expect(() => (createEvt as () => unknown)()).toThrow(
      "createEvt takes an object of options; it was given undefined",
    );
  });

  it.each([
    [{ timeoutMs: 0 }, "timeoutMs is 0"],
    [{ timeoutMs: 1.5 }, "whole number"],
    [{ retry: { attempts: 0 } }, "retry.attempts is 0"],
    [{ raw: "hash" }, 'raw is "hash"'],
    [{ onOutcome: "log" }, "onOutcome must be a function"],
    [{ runtime: { clock: Date.now } }, 'runtime has no option "clock"'],
    [{ mapping: { fields: { amount: "" } } }, "mapping.fields.amount"],
    [{ mapping: { fields: { client: "x" } } }, 'did you mean "clientId"?'],
    [{ mapping: { defaults: { amount: "1.0" } } }, 'write it as the text "1"'],
    [{ mapping: { defaults: { amount: 1 } } }, 'write it as the text "1"'],
    [{ mapping: { defaults: { metric: "" } } }, "it is empty"],
    [{ mapping: { defaults: { timestamp: "now" } } }, 'must be one of "receipt", "reject"'],
    [{ mapping: { amount: { groupSeparator: "." } } }, "both separators"],
    [{ mapping: { amount: { groupSeparator: "5" } } }, "one character that no number has"],
    [{ mapping: { timeZone: "Mars/Olympus" } }, "IANA zone"],
    [{ mapping: { windowMs: 0 } }, "windowMs is 0"],
    [{ mapping: { windowMs: 1e15 } }, "at most"],
    [{ mapping: { unstamped: "count" } }, 'must be one of "window", "reject", "count-each"'],
    [{ mapping: { identity: { fields: [] } } }, "identity.fields"],
    [{ mapping: { rules: { m: {} } } }, "Standard Schema"],
    [{ mapping: { timestampFormats: ["dd/MM/yyyy"] } }, "a format needs a parse function"],
  ])("refuses %o", (options, message) => {
    expect(create(options)).toThrow(TypeError);
    expect(create(options)).toThrow(message);
  });

  it("refuses what a call cannot mean", async () => {
    const evt = create({ mappings: { a: {} } })();
    expect(() => evt.tenant("")).toThrow(TypeError);
    const events = evt.tenant("t");
    await expect(events.ingest({}, { mapping: "b" })).rejects.toThrow(
      'there is no mapping "b"; the mappings are: "a"',
    );
    await expect(events.ingest({}, { clientid: "x" } as never)).rejects.toThrow('did you mean "clientId"?');
    await expect(events.ingest({}, { clientId: " x" })).rejects.toThrow("white space");
    await expect(events.ingestMany({} as never)).rejects.toThrow("takes an array");
    await expect(events.ingestMany([{}], { rawJson: [] })).rejects.toThrow(
      "one member for each of the 1 events",
    );
    await expect(events.ingestMany([{}], { idempotencyKey: "" })).rejects.toThrow(TypeError);
  });
});
