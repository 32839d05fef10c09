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
    reopen: "keeps nothing beyond its process",
    prune: "keeps every event for as long as it lives",
    poison: "takes every record it is given",
  },
});

describe("MemoryStore", () => {
  it("hands out frozen entries, to the last issue", async () => {
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

  it("leaves what it is given as it was", async () => {
    const letter = parked("letter");
    await new MemoryStore().park([letter], call);
    expect([letter, letter.issues, letter.issues[0], letter.error].map(Object.isFrozen)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it("keeps of a record what is an event's, and nothing that came with it", async () => {
    const store = new MemoryStore();
    const stored = record("stored");
    await store.insert([Object.assign({ secret: "hunter2" }, stored)], call);
    expect(JSON.stringify(await store.get("acme", [stored.id], call))).not.toContain("hunter2");
  });

  it("shares nothing with another one of the process", async () => {
    await new MemoryStore().insert([record("stored")], call);
    expect(await new MemoryStore().get("acme", [record("stored").id], call)).toEqual([null]);
  });

  it("goes on answering when it was closed: it opened nothing", async () => {
    const store = new MemoryStore();
    await store.close();
    expect(await store.insert([record("stored")], call)).toEqual([{ outcome: "inserted" }]);
  });

  it("says why a call was given up, as the cause", async () => {
    const reason = new Error("the deadline");
    const refused = new MemoryStore().ping({ signal: AbortSignal.abort(reason) });
    await expect(refused).rejects.toMatchObject({ code: "EVT_STORE_UNAVAILABLE", cause: reason });
  });

  it("tells names apart that every object has", async () => {
    const store = new MemoryStore();
    expect(await store.get("__proto__", ["constructor", "toString"], call)).toEqual([null, null]);
  });
});
