import { setMaxListeners } from "node:events";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import { settle } from "../../src/testing/fake-runtime.js";

/** Every read of the tenant `busy` hangs until its signal aborts. */
function start() {
  const store = new MemoryStore();
  let underWay = 0;
  const hang = (signal: AbortSignal) => {
    underWay++;
    return new Promise<never>((_, reject) =>
      signal.addEventListener("abort", () => {
        underWay--;
        reject(signal.reason);
      }),
    );
  };
  const { list, aggregate, names, get, reasons, history, holders, park } = store;
  store.list = (query, call) =>
    query.tenantId === "busy" ? hang(call.signal) : list.call(store, query, call);
  store.aggregate = (query, call) =>
    query.tenantId === "busy" ? hang(call.signal) : aggregate.call(store, query, call);
  store.names = (query, call) =>
    query.tenantId === "busy" ? hang(call.signal) : names.call(store, query, call);
  store.get = (tenantId, ids, call) =>
    tenantId === "busy" ? hang(call.signal) : get.call(store, tenantId, ids, call);
  store.reasons = (query, call) =>
    query.tenantId === "busy" ? hang(call.signal) : reasons.call(store, query, call);
  store.history = (tenantId, id, call) =>
    tenantId === "busy" ? hang(call.signal) : history.call(store, tenantId, id, call);
  store.holders = (records, call) =>
    records[0]?.tenantId === "busy" ? hang(call.signal) : holders.call(store, records, call);
  store.park = (events, call) =>
    events[0]?.tenantId === "busy" ? hang(call.signal) : park.call(store, events, call);
  return { evt: createEvt({ store, limits: { tenantReadsWaiting: 20 } }), underWay: () => underWay };
}

const id = "0".repeat(64);

describe("reads of one tenant", () => {
  it("share two store calls, and do not delay other tenants", async () => {
    const { evt, underWay } = start();
    const leave = new AbortController();
    const { signal } = leave;
    const busy = evt.tenant("busy");
    const calls = [
      busy.list({}, { signal }),
      busy.aggregate({}, { signal }),
      busy.clients({}, { signal }),
      busy.metrics({}, { signal }),
      busy.get(id, { signal }),
      busy.reasons({}, { signal }),
      busy.history(id, { signal }),
      busy.preview([{ clientId: "c", amount: 1 }], { signal }),
      busy.replay([id], { signal }),
      busy.replayPage({ all: true }, { signal }),
      busy.ingest({ clientId: "c", amount: "none" }, { signal }),
    ].map((call) => call.catch(() => "ended"));
    await settle();
    expect(underWay()).toBe(2);
    const other = evt.tenant("other");
    expect((await other.ingest({ clientId: "c", amount: 1 })).outcome).toBe("processed");
    expect((await other.ingest({ clientId: "c", amount: "none" })).outcome).toBe("rejected");
    expect((await other.list()).entries).toHaveLength(2);
    leave.abort();
    expect(new Set(await Promise.all(calls.slice(0, -1)))).toEqual(new Set(["ended"]));
  });

  it("are refused if too many wait", async () => {
    const { evt } = start();
    const leave = new AbortController();
    setMaxListeners(50, leave.signal);
    const list = () => evt.tenant("busy").list({}, { signal: leave.signal });
    const calls = Array.from({ length: 22 }, () => list().catch(() => "ended"));
    await settle();
    await expect(list()).rejects.toMatchObject({
      code: "EVT_OVERLOADED",
      message: "20 calls of this tenant wait for the store; the limit is 20. Send again later",
    });
    expect((await evt.tenant("other").list()).entries).toEqual([]);
    leave.abort();
    await Promise.all(calls);
  });
});
