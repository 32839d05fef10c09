import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { createEvt } from "../src/create-evt.js";
import type { EvtTenant } from "../src/evt-tenant.js";

const click = { metric: "click", amount: 1, timestamp: "2026-02-01T00:00:00Z" };
const forbidden = { code: "EVT_FORBIDDEN" };

function start() {
  const evt = createEvt({ store: new MemoryStore() });
  return { evt, whole: evt.tenant("acme"), a: evt.tenant("acme", { clientId: "a" }) };
}

describe("a view that is bound to a client", () => {
  it.each<[string, (events: EvtTenant, raw: unknown) => Promise<unknown>]>([
    ["ingest", (events, raw) => events.ingest(raw)],
    ["ingestMany", (events, raw) => events.ingestMany([raw])],
    ["ingestStream", (events, raw) => events.ingestStream([raw])],
  ])("vouches for its client in %s", async (_, ingest) => {
    const { whole, a } = start();
    await ingest(a, click);
    await ingest(a, { ...click, clientId: "b" });
    const { entries } = await whole.list();
    expect(entries.map(({ status, clientId }) => [status, clientId]).sort()).toEqual([
      ["processed", "a"],
      ["rejected", "b"],
    ]);
  });

  it("vouches for its client in prepare and preview", async () => {
    const { a } = start();
    expect(a.prepare([click])).toMatchObject([{ record: { clientId: "a" }, vouchedClientId: "a" }]);
    expect(() => a.prepare([{ ...click, clientId: "b" }])).toThrow("client_id_mismatch");
    expect(await a.preview([click, { ...click, clientId: "b" }])).toMatchObject([
      { canonical: { clientId: "a" } },
      { issues: [{ code: "client_id_mismatch" }] },
    ]);
  });

  it("refuses another client than its own", async () => {
    const { a } = start();
    expect(await a.ingest(click, { clientId: "a" })).toMatchObject({ outcome: "processed" });
    await expect(a.ingest(click, { clientId: "b" })).rejects.toThrow('this view is bound to "a"');
    await expect(a.ingestStream([click], { clientId: "b" })).rejects.toThrow(TypeError);
    await expect(a.preview([click], { clientId: "b" })).rejects.toThrow(TypeError);
    expect(() => a.prepare([click], { clientId: "b" })).toThrow(TypeError);
  });

  it("rejects reads of another client, and every replay", async () => {
    const { a, whole } = start();
    const parked = await whole.ingest({ ...click, clientId: "a", amount: "x" });
    const other = { ...forbidden, parameter: "clientId" };
    await expect(a.list({ clientId: "b" })).rejects.toMatchObject(other);
    await expect(a.reasons({ clientId: "b" })).rejects.toMatchObject(other);
    await expect(a.aggregate({ clientId: "b" })).rejects.toMatchObject(other);
    for (const options of [{}, { dryRun: true }]) {
      await expect(a.replay([parked.id], options)).rejects.toMatchObject(forbidden);
      await expect(a.replayPage({ all: true }, options)).rejects.toMatchObject(forbidden);
    }
    expect(await a.history(parked.id)).toEqual([]);
    expect(await a.get(parked.id)).toMatchObject({ id: parked.id });
  });

  it("refuses a client id that is not valid", () => {
    const { evt, a, whole } = start();
    expect([a.clientId, whole.clientId]).toEqual(["a", undefined]);
    for (const clientId of ["", " a", "a\0", "\ud800", "x".repeat(256), 7, null, {}])
      expect(() => evt.tenant("acme", { clientId } as never)).toThrow(TypeError);
    expect(() => evt.tenant("acme", { clientid: "a" } as never)).toThrow('did you mean "clientId"?');
  });
});
