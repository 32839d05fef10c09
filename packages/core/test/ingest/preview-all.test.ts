import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import { sha256Hex } from "../../src/identity/sha256.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";

function start() {
  const runtime = new FakeRuntime();
  return { runtime, events: createEvt({ store: new MemoryStore(), runtime }).tenant("acme") };
}

describe("preview", () => {
  it("returns the expected outcome and the source of each field, and writes nothing", async () => {
    const { events } = start();
    const raw = { source: "a", payload: { amount: "1.50" }, ts: "2024-01-01", eventId: "k" };
    const [seen] = await events.preview([raw]);
    expect(seen).toMatchObject({
      outcome: "processed",
      identifiedBy: "key",
      canonical: { clientId: "a", metric: "unknown", amount: "1.5" },
      provenance: {
        clientId: "source",
        metric: "default",
        amount: "payload.amount",
        timestamp: "ts",
        idempotencyKey: "eventId",
      },
    });
    expect(seen).toHaveProperty("identity", sha256Hex((seen as { identityJson: string }).identityJson));
    expect((await events.list()).entries).toEqual([]);
    expect(await events.ingest(raw)).toMatchObject({ outcome: "processed", id: (seen as { id: string }).id });
  });

  it("predicts what ingesting returns", async () => {
    const { events, runtime } = start();
    const keyed = { client: "a", eventId: "k", amount: 1, ts: "2024-01-01" };
    const click = { client: "a", amount: 1 };
    const stamped = { client: "b", amount: 1, ts: "2024-01-01" };
    await events.ingestMany([keyed, click]);
    await runtime.advance(1_000);
    const raws = [
      keyed,
      { ...keyed, amount: 2 },
      click,
      stamped,
      stamped,
      { client: "c", eventId: "l", amount: 1 },
      { client: "c", eventId: "l", amount: 2 },
      {},
    ];
    const foreseen = await events.preview(raws);
    const { outcomes } = await events.ingestMany(raws);
    expect(foreseen.map((each) => each.outcome)).toEqual(outcomes.map((each) => each.outcome));
    expect(foreseen.map((each) => each.outcome)).toEqual([
      "duplicate",
      "conflict",
      "duplicate",
      "processed",
      "duplicate",
      "processed",
      "conflict",
      "rejected",
    ]);
    expect(foreseen[1]).toMatchObject({ event: { amount: "1" }, issues: [{ code: "amount_differs" }] });
    await runtime.advance(300_000);
    expect(await events.preview([click])).toMatchObject([{ outcome: "processed" }]);
  });
});
