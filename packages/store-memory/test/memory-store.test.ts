import { describeStore } from "@evt/store-conformance/vitest";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { call, parked, record } from "./sample.js";

describeStore("MemoryStore", {
  create: async () => {
    const store = new MemoryStore();
    return { store, replay: store, dispose: () => store.close() };
  },
  without: {
    reopen: "is not durable",
    prune: "never removes events",
    poison: "accepts every record",
  },
});

describe("MemoryStore", () => {
  it("returns entries that are frozen with all their parts", async () => {
    const store = new MemoryStore();
    const stored = record("stored");
    const letter = parked("letter");
    await store.insert([stored], call);
    await store.park([letter], call);
    const [event, kept] = await store.get("acme", [stored.id, letter.id], call);
    expect(Object.isFrozen(event)).toBe(true);
    expect(Object.isFrozen(kept)).toBe(true);
    if (kept === null || kept === undefined || kept.status === "processed") expect.fail("a parked event");
    expect([kept.issues, kept.issues[0], kept.error].map(Object.isFrozen)).toEqual([true, true, true]);
  });

  it("does not freeze its arguments", async () => {
    const letter = parked("letter");
    await new MemoryStore().park([letter], call);
    expect([letter, letter.issues, letter.issues[0], letter.error].map(Object.isFrozen)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it("stores only the known fields of a record", async () => {
    const store = new MemoryStore();
    const stored = record("stored");
    await store.insert([Object.assign({ secret: "hunter2" }, stored)], call);
    expect(JSON.stringify(await store.get("acme", [stored.id], call))).not.toContain("hunter2");
  });

  it("shares no data with other stores in the process", async () => {
    await new MemoryStore().insert([record("stored")], call);
    expect(await new MemoryStore().get("acme", [record("stored").id], call)).toEqual([null]);
  });

  it("can be used after close", async () => {
    const store = new MemoryStore();
    await store.close();
    expect(await store.insert([record("stored")], call)).toEqual([{ outcome: "inserted" }]);
  });

  it("rejects an aborted call with the abort's reason as `cause`", async () => {
    const reason = new Error("the deadline");
    const refused = new MemoryStore().ping({ signal: AbortSignal.abort(reason) });
    await expect(refused).rejects.toMatchObject({ code: "EVT_STORE_UNAVAILABLE", cause: reason });
  });

  it("finds nothing under property names that every object inherits", async () => {
    const store = new MemoryStore();
    expect(await store.get("__proto__", ["constructor", "toString"], call)).toEqual([null, null]);
  });
});
