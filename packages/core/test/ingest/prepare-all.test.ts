import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import { isEvtError } from "../../src/evt-error.js";
import type { EvtOptions } from "../../src/evt-options.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";
import { ScriptedStore } from "../scripted-store.js";

function start(options: Partial<EvtOptions> = {}) {
  const store = new ScriptedStore();
  const evt = createEvt({ store, runtime: new FakeRuntime(), ...options });
  return { store, evt, events: evt.tenant("acme") };
}

const sale = { client: "shop", metric: "sale", amount: "12.50", timestamp: "2026-01-01" };

describe("prepare", () => {
  it("creates the record that ingest would insert, without a store call", async () => {
    const { store, events } = start();
    const [prepared] = events.prepare([sale]);
    expect(store.inserts).toEqual([]);
    await events.ingest(sale);
    const [[ingested]] = store.inserts as [[object]];
    expect(prepared?.record).toEqual({ ...ingested, receiptId: prepared?.record.receiptId });
  });

  it("returns plain data: JSON and back changes nothing", () => {
    const raws = [sale, { ...sale, eventId: "k", note: "\ud800\u0000" }, { client: "shop", amount: 1 }];
    const prepared = start().events.prepare(raws);
    expect(JSON.parse(JSON.stringify(prepared))).toEqual(prepared);
  });

  it("identifies an event with neither key nor timestamp by its receipt: twins are two events, and no claim lapses", () => {
    const unstamped = { client: "shop", amount: 1 };
    const [one, other] = start().events.prepare([unstamped, unstamped]);
    expect(one?.record).toMatchObject({ identifiedBy: "receipt", lapsesAt: null });
    expect(one?.record.identity).not.toBe(other?.record.identity);
  });

  it("identifies other events by key or content", () => {
    const prepared = start().events.prepare([sale, { client: "shop", amount: 1, eventId: "k" }]);
    expect(prepared.map(({ record }) => record.identifiedBy)).toEqual(["content", "key"]);
  });

  it("accepts the options of ingestMany", () => {
    const { events } = start({ mappings: { plain: { fields: { amount: "n" } } } });
    const options = {
      clientId: "till",
      mapping: "plain",
      idempotencyKeys: ["k", null],
      rawJson: ["{ }", "[]"],
    };
    const [one] = events.prepare([{ n: 1 }, { n: 2 }], options);
    expect(one?.record).toMatchObject({ clientId: "till", idempotencyKey: "k", rawJson: "{ }", amount: "1" });
    const twins = events.prepare([sale, sale], { idempotencyKey: "all" });
    expect(new Set(twins.map(({ record }) => record.identity)).size).toBe(2);
  });

  it("throws with every issue and the index of its event if any event would be rejected", () => {
    const raws = [sale, { ...sale, amount: "12abc" }, {}];
    const preparing = () => start().events.prepare(raws);
    expect(preparing).toThrow(
      '2 of 3 events would be rejected; event 1: amount (amount_not_a_number): amount is "12abc"',
    );
    try {
      preparing();
    } catch (error) {
      expect(isEvtError(error, "EVT_INVALID_EVENT") && error.issues).toMatchObject([
        { index: 1, code: "amount_not_a_number", path: "amount" },
        { index: 2, code: "client_id_missing", path: "" },
        { index: 2, code: "amount_missing", path: "" },
      ]);
    }
  });

  it("rejects an event with neither key nor timestamp if the mapping says so", () => {
    const { events } = start({ mapping: { unstamped: "reject" } });
    expect(() => events.prepare([{ client: "shop", amount: 1 }])).toThrow("timestamp_missing");
  });

  it("refuses an argument that is not an array, and unknown options", () => {
    const { events } = start();
    expect(() => events.prepare(sale as never)).toThrow("prepare takes an array of events");
    const { signal } = new AbortController();
    expect(() => events.prepare([sale], { signal } as never)).toThrow('prepare has no option "signal"');
  });

  it("prepares nothing after evt is closed", async () => {
    const { evt, events } = start();
    await evt.close();
    expect(() => events.prepare([sale])).toThrow("this evt is closed");
  });
});
