import { createEvt, type EventRecord, EvtError, type EvtTenant } from "@evt/core";
import type { InsertOutcome, StoreCall } from "@evt/core/store";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { realDataMappings, selectRealDataMapping } from "../../../server/seed/mappings.js";
import { SeedJob } from "../../../server/seed/seed-job.js";
import { RECORDS } from "./expect-real-totals.js";

/** A store that is down for the inserts with the given numbers. */
class FaultyStore extends MemoryStore {
  #inserts = 0;
  readonly #failing: (insert: number) => boolean;

  constructor(failing: (insert: number) => boolean) {
    super();
    this.#failing = failing;
  }

  override async insert(records: readonly EventRecord[], call: StoreCall): Promise<readonly InsertOutcome[]> {
    if (this.#failing(++this.#inserts)) throw new EvtError("EVT_STORE_UNAVAILABLE", "down");
    return super.insert(records, call);
  }
}

function jobOver(store: MemoryStore): SeedJob {
  const retry = { attempts: 1 };
  const evt = createEvt({ store, retry, mappings: realDataMappings, selectMapping: selectRealDataMapping });
  return new SeedJob(evt.tenant("default"));
}

describe("seeding a store that fails on the way", { timeout: 60_000 }, () => {
  test("continues after a failure, counts each record once, and does not report its own records as duplicates", async () => {
    const job = jobOver(new FaultyStore((insert) => insert === 40 || insert === 90));
    expect(await job.run()).toMatchObject({
      state: "done",
      sent: 2 * RECORDS,
      processed: RECORDS,
      duplicates: RECORDS,
      refused: 0,
    });
  });

  test("reports the reason if it fails permanently", async () => {
    const job = jobOver(new FaultyStore((insert) => insert > 3));
    const status = await job.run();
    expect(status).toMatchObject({
      state: "failed",
      error: expect.stringContaining("the stream stopped"),
    });
    expect(status.processed).toBeLessThan(RECORDS);
  });

  test("ends when it is stopped", async () => {
    const job = jobOver(new MemoryStore());
    const running = job.run();
    await job.stop();
    expect(await running).toMatchObject({ state: "failed", error: "the server is shutting down" });
  });
});

test("an internal error is shown without its message, and logged", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  onTestFinished(() => log.mockRestore());
  const secret = new Error("ENOENT: no such file or directory, open '/srv/evt/data.json'");
  const broken = { ingestStream: () => Promise.reject(secret) } as unknown as EvtTenant;
  const { error } = await new SeedJob(broken).run();
  expect(error).toBe("something went wrong; see the log of the server");
  expect(log).toHaveBeenCalledExactlyOnceWith(secret);
});
