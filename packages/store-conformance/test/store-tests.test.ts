import type { Store } from "@evt/core/store";
import { notApplicable, type StoreHarness, type StoreTest, storeTests } from "@evt/store-conformance";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { ableHarness, altered } from "./able-store.js";

const OBLIGATIONS =
  "S1 S2 S3 S4 S5a S5b S6 S7 S8 S9 S10 S11 S12 S13 S14 S15 S16 S17 S18 S19 S20 S21 S22 S23 S24".split(" ");

function titled(fact: string): StoreTest {
  const test = storeTests.find(({ title }) => title === fact);
  if (test === undefined) throw new Error(`no test is titled "${fact}"`);
  return test;
}

const APART = titled("harness: each store that create() returns is empty and shares no data with others");
const EXPLAINED = titled(
  "harness: each ability is either returned by create() or explained in `without`, not both",
);
const DURABLE = titled("S5b: events, claims, totals and parked events survive a reopen");

describe("storeTests", () => {
  it("has a test for each obligation of a store", () => {
    const tested = new Set<string>(storeTests.map(({ id }) => id));
    expect(OBLIGATIONS.filter((id) => !tested.has(id))).toEqual([]);
  });

  it("gives each test a unique title that begins with its number", () => {
    expect(new Set(storeTests.map(({ title }) => title)).size).toBe(storeTests.length);
    expect(storeTests.filter(({ id, title }) => !title.startsWith(`${id}: `))).toEqual([]);
  });

  it("checks the harness first", () => {
    expect(storeTests[0]).toBe(APART);
  });

  it("has no optional tests except those that need an ability", () => {
    const conditional = storeTests.filter(({ needs }) => needs !== null);
    expect(new Set(conditional.map(({ id, needs }) => `${id} ${needs}`))).toEqual(
      new Set([
        "S1 poison",
        "S4 prune",
        "S5b reopen",
        "S9 prune",
        "S12 reopen",
        "S15 prune",
        "S16 replay",
        "S17 replay",
        "S18 replay",
        "S23 prune",
      ]),
    );
  });
});

describe("a harness", () => {
  const memory = (): StoreHarness => ({
    create: async () => {
      const store = new MemoryStore();
      return { store, dispose: () => store.close() };
    },
  });

  it("fails if its stores share data", async () => {
    const store = new MemoryStore();
    const shared: StoreHarness = { create: async () => ({ store, dispose: async () => {} }) };
    await expect(APART.run(shared)).rejects.toThrow("the second store lists nothing");
    await expect(APART.run(memory())).resolves.toBeUndefined();
  });

  it("fails if it neither has nor explains an ability", async () => {
    const without = { prune: "never prunes", poison: "accepts every record", replay: "does not replay" };
    await expect(EXPLAINED.run({ ...memory(), without })).rejects.toThrow("`reopen` is neither returned");
    const explained = { ...without, reopen: "is not durable" };
    await expect(EXPLAINED.run({ ...memory(), without: explained })).resolves.toBeUndefined();
  });

  it("fails if it explains an ability with an empty reason", async () => {
    const without = { prune: "never prunes", poison: "accepts every record", replay: "no", reopen: "" };
    await expect(EXPLAINED.run({ ...memory(), without })).rejects.toThrow("`reopen` is neither returned");
  });

  it("fails if it explains an ability that it has", async () => {
    const without = { reopen: "it takes so long" };
    await expect(EXPLAINED.run({ ...ableHarness(), without })).rejects.toThrow("it takes so long");
  });

  it("fails a test that needs an ability it lacks, even with a reason", async () => {
    const without = { reopen: "is not durable" };
    await expect(DURABLE.run({ ...memory(), without })).rejects.toThrow("this test needs `reopen`");
  });

  it("gets its own reason why a test does not apply", () => {
    const harness = { ...memory(), without: { reopen: "is not durable" } };
    expect(notApplicable(DURABLE, harness)).toBe("is not durable");
    expect(notApplicable(DURABLE, memory())).toBeNull();
    expect(
      storeTests
        .filter((test) => notApplicable(test, harness) !== null)
        .every(({ needs }) => needs === "reopen"),
    ).toBe(true);
  });

  it("disposes of each store it created, after passed and failed tests", async () => {
    let open = 0;
    const counted = (store: Store): StoreHarness => ({
      create: async () => {
        open++;
        return { store, dispose: async () => void open-- };
      },
    });
    const failing = altered(new MemoryStore(), { list: async () => Promise.reject(new Error("no list")) });
    await expect(APART.run(counted(failing))).rejects.toThrow("no list");
    expect(open).toBe(0);
    await titled("call: a ping of a working store resolves").run(counted(new MemoryStore()));
    expect(open).toBe(0);
  });
});
