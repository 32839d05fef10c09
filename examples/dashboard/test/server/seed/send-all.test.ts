import { createEvt, EvtError, type Store } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, test } from "vitest";
import { sendAll } from "../../../server/seed/send-all.js";

const records = Array.from({ length: 600 }, (_, i) => ({
  client: "a",
  metric: "m",
  amount: i,
  ts: 1_700_000_000 + i,
}));

/** Fails each insert that the list names, by its number. */
class FaultyStore extends MemoryStore {
  #inserts = 0;
  readonly #failing: ReadonlySet<number>;

  constructor(failing: readonly number[]) {
    super();
    this.#failing = new Set(failing);
  }

  override async insert(...args: Parameters<Store["insert"]>): ReturnType<Store["insert"]> {
    this.#inserts++;
    if (this.#failing.has(this.#inserts)) throw new EvtError("EVT_STORE_UNAVAILABLE", "away");
    return super.insert(...args);
  }
}

async function countsOf(store: Store, pauses: number[]): Promise<{ processed: number; duplicates: number }> {
  const events = createEvt({ store, retry: { attempts: 1 } }).tenant("t");
  const counts = { processed: 0, duplicates: 0 };
  await sendAll(events, records, {
    signal: new AbortController().signal,
    pause: async (ms) => void pauses.push(ms),
    onReport: ({ processed, duplicates }) => {
      counts.processed += processed;
      counts.duplicates += duplicates;
    },
  });
  return counts;
}

describe("sendAll", () => {
  test("sends again what failed, and only that", async () => {
    const pauses: number[] = [];
    expect(await countsOf(new FaultyStore([1]), pauses)).toEqual({ processed: 600, duplicates: 0 });
    expect(pauses.length).toBeGreaterThan(0);
  });

  test("gives up where a batch failed ten times", async () => {
    const always = Array.from({ length: 1_000 }, (_, i) => i + 1);
    await expect(countsOf(new FaultyStore(always), [])).rejects.toThrow("the store failed 10 times in a row");
  });

  test("a signal that fires ends it", async () => {
    const events = createEvt({ store: new MemoryStore() }).tenant("t");
    const signal = AbortSignal.abort(new Error("enough"));
    const reports: unknown[] = [];
    await sendAll(events, records, { signal, onReport: (report) => reports.push(report) });
    expect(reports).toEqual([]);
  });
});
