import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import { EvtError } from "../../src/evt-error.js";
import type { EvtOptions } from "../../src/evt-options.js";
import type { IngestReport } from "../../src/outcome.js";
import type { EventRecord, Holder, StoreCall } from "../../src/store.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";
import { ScriptedStore } from "../scripted-store.js";

const CHARS = 1_000;
const event = { clientId: "c", metric: "m", amount: 1, timestamp: "2026-01-01T00:00:00Z" };
const keyed = (key: string, pad = 0) => ({ ...event, idempotencyKey: key, pad: "x".repeat(pad) });

class AskedStore extends ScriptedStore {
  readonly asked: { readonly records: number; readonly rawChars: number | undefined }[] = [];
  failsWith: Error | null = null;

  override async holders(
    records: readonly EventRecord[],
    call: StoreCall,
  ): Promise<readonly (Holder | null)[]> {
    this.asked.push({ records: records.length, rawChars: call.rawChars });
    if (this.failsWith !== null) throw this.failsWith;
    return super.holders(records, call);
  }
}

function start(options: Partial<EvtOptions> = {}) {
  const store = new AskedStore();
  const evt = createEvt({ store, runtime: new FakeRuntime(), limits: { rawChars: CHARS }, ...options });
  return { store, evt, events: evt.tenant("acme") };
}

const shown = ({ outcomes }: IngestReport) =>
  outcomes.map((outcome) =>
    "event" in outcome && outcome.event !== null ? (outcome.event.rawJson?.length ?? 0) : null,
  );

describe("raw events of stored events", () => {
  it("are read once for each identity, within the budget of the call", async () => {
    const { store, events } = start();
    await events.ingestMany([keyed("a", 10), keyed("b", 20)]);
    const report = await events.ingestMany([keyed("a"), keyed("b"), keyed("a"), keyed("b")]);
    expect(store.asked).toEqual([{ records: 2, rawChars: CHARS }]);
    expect(shown(report).every((length) => length !== null && length > 100)).toBe(true);
  });

  it("are returned until the budget is used up: the first at any length, and the omitted ones marked", async () => {
    const { events } = start();
    await events.ingest(keyed("a", 5 * CHARS));
    const { outcomes } = await events.ingestMany([keyed("a"), keyed("a")]);
    expect(outcomes).toMatchObject([
      { outcome: "duplicate", event: { rawJson: expect.any(String) } },
      { outcome: "duplicate", event: { rawJson: null, rawOmitted: true } },
    ]);
  });

  it("have a budget for each call, even if calls share an insert", async () => {
    const { store, events } = start();
    await events.ingestMany([keyed("large", 5 * CHARS), keyed("small", 10)]);
    store.inserts.length = 0;
    const [large, small] = await Promise.all([
      events.ingestMany([keyed("large"), keyed("large")]),
      events.ingestMany([keyed("small")]),
    ]);
    expect(store.inserts).toHaveLength(1);
    expect(shown(large)[0]).toBeGreaterThan(5 * CHARS);
    expect(shown(small)[0]).toBeGreaterThan(10);
  });

  it("cost nothing if they equal the sent event", async () => {
    const { store, events } = start();
    const sent = [keyed("a", CHARS), keyed("b", CHARS)];
    await events.ingestMany(sent);
    expect(shown(await events.ingestMany(sent)).every((length) => (length ?? 0) > CHARS)).toBe(true);
    expect(store.asked).toEqual([]);
  });

  it("are not read with `raw: false`, for streams, or for prepared events", async () => {
    const { store, evt, events } = start();
    await events.ingest(keyed("a", 100));
    await events.ingestMany([keyed("a")], { raw: false });
    await events.ingestStream([keyed("a")]);
    await evt.ingestPrepared(events.prepare([keyed("a")]));
    expect(store.asked).toEqual([]);
    await events.preview([keyed("a")], { raw: false });
    expect(store.asked).toEqual([{ records: 1, rawChars: 0 }]);
  });

  it("are omitted if they cannot be read, because the outcome is already certain", async () => {
    const { store, events } = start();
    await events.ingest(keyed("a", 100));
    store.failsWith = new EvtError("EVT_STORE_UNAVAILABLE", "down");
    expect(await events.ingest(keyed("a"))).toMatchObject({
      outcome: "duplicate",
      event: { rawOmitted: true },
    });
  });

  it("are previewed once for each identity, within the budget", async () => {
    const { store, events } = start();
    await events.ingest(keyed("a", 5 * CHARS));
    const previews = await events.preview(Array(50).fill(keyed("a")));
    expect(store.asked).toEqual([{ records: 1, rawChars: CHARS }]);
    const raws = previews.map((preview) => "event" in preview && preview.event?.rawJson);
    expect(raws.filter((raw) => typeof raw === "string")).toHaveLength(1);
  });
});

describe("options", () => {
  it.each([{ raw: "no" }, { raw: 1 }])("that are not booleans are refused: %j", async (options) => {
    const { events } = start();
    await expect(events.ingestMany([], options as never)).rejects.toThrow(TypeError);
    await expect(events.preview([], options as never)).rejects.toThrow(TypeError);
    await expect(events.list(options as never)).rejects.toThrow(TypeError);
  });
});

describe("the issues of a rule", () => {
  it("is limited, no matter how much the validator reports", async () => {
    const issue = { message: "x".repeat(100_000), path: ["y".repeat(100_000)] };
    const rule = {
      "~standard": { version: 1, vendor: "test", validate: () => ({ issues: Array(5_000).fill(issue) }) },
    } as const;
    const { events } = start({ mapping: { rules: { m: rule } } });
    const { outcomes } = await events.ingestMany([event]);
    expect(outcomes[0]).toMatchObject({ outcome: "rejected" });
    expect(JSON.stringify(outcomes[0]).length).toBeLessThan(250_000);
  });
});
