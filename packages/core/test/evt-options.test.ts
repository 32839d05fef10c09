import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { createEvt } from "../src/create-evt.js";

const create = (options: object) => () => createEvt({ store: new MemoryStore(), ...options });

describe("createEvt", () => {
  it("suggests the intended option", () => {
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
      "createEvt takes an object of options, not undefined",
    );
  });

  it.each([
    [{ timeoutMs: 0 }, "timeoutMs is 0"],
    [{ timeoutMs: 1.5 }, "whole number"],
    [{ retry: { attempts: 0 } }, "retry.attempts is 0"],
    [{ raw: "hash" }, 'raw is "hash"'],
    [{ onOutcome: "log" }, 'onOutcome is "log"; it must be a function'],
    [{ runtime: { clock: Date.now } }, 'runtime has no option "clock"'],
    [{ mapping: { fields: { amount: "" } } }, "mapping.fields.amount"],
    [{ mapping: { fields: { client: "x" } } }, 'did you mean "clientId"?'],
    [{ mapping: { defaults: { amount: "1.0" } } }, 'write it as the string "1"'],
    [{ mapping: { defaults: { amount: 1 } } }, 'write it as the string "1"'],
    [{ mapping: { defaults: { metric: "" } } }, "it is empty"],
    [{ mapping: { defaults: { timestamp: "now" } } }, 'must be one of "receipt", "reject"'],
    [{ mapping: { amount: { groupSeparator: "." } } }, "both separators"],
    [{ mapping: { amount: { groupSeparator: "5" } } }, "one character that does not occur in numbers"],
    [
      { mapping: { amount: { groupSeparator: [",", "ab"] } } },
      "one character that does not occur in numbers",
    ],
    [{ mapping: { amount: { groupSeparator: 5 } } }, "one character that does not occur in numbers"],
    [{ mapping: { amount: { groupSeparator: [",", "."] } } }, "both separators"],
    [{ mapping: { empty: "skip" } }, 'mapping.empty is "skip"; it must be one of'],
    [{ mapping: { unreadable: true } }, "mapping.unreadable is true; it must be one of"],
    [{ mapping: { amount: { grouping: "chinese" } } }, 'grouping is "chinese"; it must be one of'],
    [{ mapping: { amount: { currencies: "$" } } }, "an array of symbols and codes"],
    [{ mapping: { amount: { currencies: ["5"] } } }, "an array of symbols and codes"],
    [{ mapping: { amount: { currencies: ["E"] } } }, "an array of symbols and codes"],
    [{ mapping: { timeZone: "Mars/Olympus" } }, "IANA zone"],
    [{ mapping: { repeatedLocalTime: "third" } }, 'must be one of "first", "second", "reject"'],
    [
      { mapping: { zoneNames: { EST: "-5" } } },
      'zoneNames["EST"] is "-5"; it must be an offset such as "-05:00"',
    ],
    [{ mapping: { zoneNames: "EST" } }, 'mapping.zoneNames is "EST"; it must be an object'],
    [{ mapping: { epoch: "minutes" } }, 'must be one of "seconds", "milliseconds"'],
    [{ mapping: { epoch: { units: "seconds" } } }, 'did you mean "unit"?'],
    [{ mapping: { epoch: { from: "soon" } } }, 'epoch.from is "soon"'],
    [{ mapping: { epoch: { from: "2000-01-01", to: "2000-01-01" } } }, "`from` must be before `to`"],
    [{ mapping: { epoch: { from: "1970-01-01" } } }, "without `unit`, `from` must be 1971 or later"],
    [{ mapping: { epoch: { from: "1971-01-01", to: "3000-01-01" } } }, "can have two units"],
    [{ mapping: { excelSerial: "1900" } }, 'mapping.excelSerial is "1900"'],
    [{ mapping: { earliest: "yesterday" } }, 'mapping.earliest is "yesterday"; it must be a date or time'],
    [{ mapping: { latest: "1970-01-01" } }, "is not before latest"],
    [{ mapping: { windowMs: 0 } }, "windowMs is 0"],
    [{ mapping: { windowMs: 1e15 } }, "from 1 to 31622400000"],
    [{ mapping: { unstamped: "count" } }, 'must be one of "window", "reject", "count-each"'],
    [{ mapping: { identity: { fields: [] } } }, "identity.fields"],
    [{ mapping: { rules: { m: {} } } }, "Standard Schema"],
    [{ mapping: { timestampFormats: ["dd/MM/yyyy"] } }, "a format needs a parse function"],
  ])("refuses %o", (options, message) => {
    expect(create(options)).toThrow(TypeError);
    expect(create(options)).toThrow(message);
  });

  it("takes the default for an option that is undefined", async () => {
    const nothing = undefined;
    const evt = createEvt({
      store: new MemoryStore(),
      mapping: {
        fields: { amount: nothing },
        defaults: { metric: nothing },
        windowMs: nothing,
        timeZone: nothing,
      },
      mappings: nothing,
      selectMapping: nothing,
      raw: nothing,
      timeoutMs: nothing,
      parkTimeoutMs: nothing,
      retry: { attempts: nothing, baseMs: nothing, capMs: nothing },
      breaker: { afterMs: nothing, failures: nothing, pauseMs: nothing, maxPauseMs: nothing },
      limits: { batchRecords: nothing, waitingRecords: nothing, aggregationRows: nothing, rawChars: nothing },
      onOutcome: nothing,
      runtime: { now: nothing, random: nothing, receiptId: nothing },
    });
    const events = evt.tenant("t", { clientId: nothing });
    const event = { clientId: "a", amount: 1, eventId: "1" };
    const options = { signal: nothing, clientId: nothing, mapping: nothing, raw: nothing, rawJson: nothing };
    expect(await events.ingest(event, { ...options, idempotencyKey: nothing })).toMatchObject({
      outcome: "processed",
    });
    expect(await events.ingestMany([event], { ...options, idempotencyKeys: nothing })).toMatchObject({
      duplicates: 1,
    });
    const filter = { clientId: nothing, metric: nothing, status: nothing, from: nothing, to: nothing };
    expect(await events.list({ ...filter, reason: nothing, limit: nothing, cursor: nothing })).toMatchObject({
      entries: [{ status: "processed" }],
    });
    expect(await events.aggregate({ groupBy: nothing, interval: nothing, timeZone: nothing })).toMatchObject({
      rows: [{ count: 1 }],
    });
    expect(
      await events.replayPage({ ...filter, all: true }, { edit: nothing, dryRun: nothing }),
    ).toMatchObject({
      results: [],
    });
    await evt.close();
  });

  it("names its mappings", () => {
    expect(create({ mappings: { a: {}, b: {} } })().mappings).toEqual(["a", "b"]);
    expect(create({})().mappings).toEqual([]);
  });

  it("is closed by `await using`", async () => {
    const evt = create({})();
    await evt[Symbol.asyncDispose]();
    await expect(evt.tenant("t").ingest({})).rejects.toMatchObject({ code: "EVT_CLOSED" });
  });

  it("refuses arguments that are not valid", async () => {
    const evt = create({ mappings: { a: {} } })();
    expect(() => evt.tenant("")).toThrow(TypeError);
    const events = evt.tenant("t");
    await expect(events.ingest({}, { mapping: "b" as never })).rejects.toThrow(
      'there is no mapping "b"; the mappings are: "a"',
    );
    await expect(events.ingest({}, { clientid: "x" } as never)).rejects.toThrow('did you mean "clientId"?');
    await expect(events.ingest({}, { clientId: " x" })).rejects.toThrow("white space");
    await expect(events.ingestMany({} as never)).rejects.toThrow("takes an array");
    await expect(events.ingestMany([{}], { rawJson: [] })).rejects.toThrow(
      "one item for each of the 1 events",
    );
    await expect(events.ingestMany([{}], { idempotencyKey: "" })).rejects.toThrow(TypeError);
  });
});
