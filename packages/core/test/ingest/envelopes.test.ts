import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import type { EvtOptions } from "../../src/evt-options.js";
import { InexactNumber } from "../../src/inexact-number.js";
import type { Mapping } from "../../src/normalize/mapping.js";
import type { Rejected } from "../../src/outcome.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";
import { ScriptedStore } from "../scripted-store.js";

const envelope = {
  client: "shop",
  total: 2,
  data: [
    { type: "order", amount: 5 },
    { type: "order", amount: 6 },
  ],
};

function start(mapping: Mapping, options: Partial<EvtOptions> = {}) {
  const store = new ScriptedStore();
  const evt = createEvt({ store, mapping, runtime: new FakeRuntime(), ...options });
  return { store, evt, events: evt.tenant("acme") };
}

const totals = async ({ events }: ReturnType<typeof start>) =>
  (await events.aggregate({ groupBy: ["clientId", "metric"] })).rows.map(
    ({ clientId, metric, count, sum }) => [clientId, metric, count, sum],
  );

describe("a mapping that unwraps", () => {
  it("counts each event of an envelope, and none of them again when the envelope is sent again", async () => {
    const shop = start({ unwrap: "data" });
    expect(await shop.events.ingestMany([envelope])).toMatchObject({ processed: 2 });
    expect(await totals(shop)).toEqual([["shop", "order", 2, "11"]]);
    expect(await shop.events.ingestMany([envelope])).toMatchObject({ processed: 0, duplicates: 2 });
    expect(await totals(shop)).toEqual([["shop", "order", 2, "11"]]);
  });

  it("returns the place of each outcome's event", async () => {
    const { events } = start({ unwrap: "data" });
    const single = { client: "web", type: "click", amount: 1 };
    const broken = { client: "shop", data: [{ type: "order", amount: "five" }] };
    const { outcomes } = await events.ingestMany([envelope, single, broken]);
    expect(outcomes.map(({ outcome, place }) => [outcome, place])).toEqual([
      ["processed", { index: 0, part: 0 }],
      ["processed", { index: 0, part: 1 }],
      ["processed", { index: 1 }],
      ["rejected", { index: 2, part: 0 }],
    ]);
  });

  it("adds no place to the outcomes of a call without envelopes", async () => {
    const { events } = start({ unwrap: "data" });
    const { outcomes } = await events.ingestMany([{ client: "web", type: "click", amount: 1 }]);
    expect(outcomes[0]).not.toHaveProperty("place");
  });

  it("gives an event the client, metric and time of its envelope if it has none, but never the amount", async () => {
    const { events } = start({ unwrap: "batch.events" });
    const raw = {
      ...{ source: "gateway", count: 3, type: "click", date: "2024-01-01" },
      batch: { events: [{ value: 1 }, { client: "web", metric: "view", value: 2, ts: 1704153600 }, {}] },
    };
    const { outcomes } = await events.ingestMany([raw]);
    expect(outcomes).toMatchObject([
      { event: { clientId: "gateway", metric: "click", amount: "1", timestamp: "2024-01-01T00:00:00.000Z" } },
      { event: { clientId: "web", metric: "view", amount: "2", timestamp: "2024-01-02T00:00:00.000Z" } },
      { issues: [{ code: "amount_missing" }] },
    ]);
  });

  it("takes the key of an envelope as the key of a batch: equal events count, and a resend does not", async () => {
    const { events } = start({ unwrap: "data" });
    const click = { type: "click", amount: 1 };
    const raw = { client: "web", messageId: "m1", data: [click, click] };
    expect(await events.ingestMany([raw])).toMatchObject({ processed: 2 });
    expect(await events.ingestMany([raw])).toMatchObject({ duplicates: 2 });
    const given = { client: "web", data: [click, click, click] };
    const options = { idempotencyKeys: ["m2"] };
    expect(await events.ingestMany([given], options)).toMatchObject({ processed: 3 });
    expect(await events.ingestMany([given], options)).toMatchObject({ duplicates: 3 });
  });

  it("rejects an envelope whose key is not valid, and one without an array", async () => {
    const { events } = start({ unwrap: "data" });
    const { outcomes } = await events.ingestMany([
      { ...envelope, messageId: {} },
      { ...envelope, data: "x" },
    ]);
    expect(outcomes).toMatchObject([
      { issues: [{ code: "idempotency_key_invalid", path: "messageId" }] },
      {
        issues: [{ code: "unwrap_failed", path: "data" }],
        parked: { rawJson: JSON.stringify({ ...envelope, data: "x" }) },
      },
    ]);
  });

  it("parks a refused event alone, and a replay counts it without unwrapping it again", async () => {
    const store = new ScriptedStore();
    const before = start({ unwrap: (raw) => (raw as typeof envelope).data }, { store });
    const raw = {
      client: "shop",
      data: [
        { type: "order", cost: 5 },
        { type: "order", amount: 6 },
      ],
    };
    const { outcomes } = await before.events.ingestMany([raw]);
    expect((outcomes[0] as Rejected).parked.rawJson).toBe('{"type":"order","cost":5,"client":"shop"}');
    const after = start(
      { unwrap: (raw) => (raw as typeof envelope).data.slice(), fields: { amount: ["amount", "cost"] } },
      { store },
    );
    expect(await after.events.replay([(outcomes[0] as Rejected).id])).toMatchObject({ processed: 1 });
    expect(await totals(after)).toEqual([["shop", "order", 2, "11"]]);
  });

  it("stores the digits of a number that a double does not hold", async () => {
    const { events } = start({ unwrap: "data" });
    const raw = { client: "shop", data: [{ type: "order", amount: new InexactNumber("9007199254740993") }] };
    const [outcome] = (await events.ingestMany([raw])).outcomes;
    expect(outcome).toMatchObject({
      issues: [{ code: "amount_inexact" }],
      parked: { rawJson: '{"type":"order","amount":9007199254740993,"client":"shop"}' },
    });
  });

  it("unwraps a CloudEvent in binary mode, whose key is that of a batch", async () => {
    const { events } = start({ unwrap: "data" });
    const headers = { "ce-specversion": "1.0", "ce-id": "1", "ce-source": "app", "ce-type": "tokens" };
    const body = [{ amount: 5 }, { amount: 5 }];
    const { outcomes } = await events.ingestMany([body], { headers });
    expect(outcomes).toMatchObject([
      { outcome: "processed", event: { clientId: "app", metric: "tokens" } },
      { outcome: "processed", identifiedBy: "key" },
    ]);
    expect(await events.ingestMany([body], { headers })).toMatchObject({ duplicates: 2 });
    const { "ce-type": _, ...broken } = headers;
    expect((await events.ingestMany([body], { headers: broken })).outcomes).toMatchObject([
      { issues: [{ code: "cloud_event_invalid" }] },
    ]);
  });

  it("limits the events in the envelopes of one call", async () => {
    const { events } = start({ unwrap: "data" }, { limits: { unwrappedEvents: 3 } });
    const { outcomes } = await events.ingestMany([envelope, { ...envelope, client: "other" }]);
    expect(outcomes).toMatchObject([
      { outcome: "processed" },
      { outcome: "processed" },
      { issues: [{ code: "event_too_large" }] },
    ]);
  });

  it("previews and prepares each event, and counts each event of a stream", async () => {
    const { events, evt } = start({ unwrap: "data" });
    expect(await events.preview([envelope])).toMatchObject([
      { outcome: "processed", place: { index: 0, part: 0 }, canonical: { amount: "5" } },
      { outcome: "processed", place: { index: 0, part: 1 }, canonical: { amount: "6" } },
    ]);
    const prepared = events.prepare([envelope]);
    expect(await evt.ingestPrepared(prepared)).toMatchObject({ processed: 2 });
    expect(await events.ingestStream([envelope, { ...envelope, client: "b" }])).toMatchObject({
      events: 4,
      processed: 4,
    });
    const broken = [envelope, { client: "shop", data: [{ type: "order" }] }];
    expect(() => events.prepare(broken)).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ index: 1 })] }),
    );
  });

  it("counts an envelope of one event with ingest, and refuses one of several before anything is stored", async () => {
    const shop = start({ unwrap: "data" });
    const [first] = envelope.data;
    expect(await shop.events.ingest({ client: "shop", data: [first] })).toMatchObject({
      outcome: "processed",
    });
    await expect(shop.events.ingest(envelope)).rejects.toMatchObject({
      code: "EVT_INVALID_EVENT",
      message: "the event is an envelope of 2 events; pass it to ingestMany",
    });
    expect(await totals(shop)).toEqual([["shop", "order", 1, "5"]]);
  });
});

describe("a function that unwraps", () => {
  it("takes events out of a JSON string and out of Base64", async () => {
    const shop = start({});
    const unwrap = (raw: unknown) => [JSON.parse((raw as { Message: string }).Message)];
    const message = { Message: JSON.stringify({ client: "shop", type: "order", amount: 5 }) };
    expect(await shop.events.ingestMany([message], { unwrap })).toMatchObject({ processed: 1 });
    const decode = (raw: unknown) => [JSON.parse(atob((raw as { data: string }).data))];
    const push = { data: btoa(message.Message) };
    expect(await shop.events.ingestMany([push], { unwrap: decode })).toMatchObject({ duplicates: 1 });
  });

  it.each([
    ["throws", () => JSON.parse("{"), /`unwrap` threw: /],
    ["returns an object", () => ({}), /`unwrap` returned an object/],
    ["returns null", () => null, /`unwrap` returned null/],
    ["is asynchronous", async () => Promise.reject(new Error("late")), /`unwrap` returned an object/],
  ])("and %s parks the raw event with the reason", async (_, unwrap, message) => {
    const { events } = start({});
    const raw = { client: "shop", Message: "{" };
    const outcome = await events.ingest(raw, {
      unwrap: unwrap as never,
      rawJson: '{"client":"shop", "Message":"{"}',
    });
    expect(outcome).toMatchObject({
      outcome: "rejected",
      issues: [{ code: "unwrap_failed", message: expect.stringMatching(message) }],
      parked: { rawJson: '{"client":"shop", "Message":"{"}' },
    });
  });

  it("leaves an event as it is if it returns undefined, but not an envelope", async () => {
    const { events } = start({ unwrap: () => undefined });
    const [order] = envelope.data;
    expect(await events.ingest({ ...order, client: "shop" })).toMatchObject({ outcome: "processed" });
    expect(await events.ingest(envelope)).toMatchObject({ issues: [{ code: "event_is_envelope" }] });
  });

  it("decides which value is one event", async () => {
    const { events } = start({ unwrap: (raw) => [raw] });
    expect(await events.ingest(envelope)).toMatchObject({ outcome: "processed", event: { amount: "2" } });
  });

  it("may return CloudEvents", async () => {
    const { events } = start({ unwrap: (raw) => (raw as { events: unknown[] }).events });
    const event = { specversion: "1.0", id: "1", source: "app", type: "tokens", data: { amount: 5 } };
    expect(await events.ingest({ events: [event] })).toMatchObject({
      event: { clientId: "app", metric: "tokens", idempotencyKey: "1" },
    });
  });
});

it.each([[""], [5], [false]])("a call whose unwrap is %j throws a TypeError", async (unwrap) => {
  const { events } = start({});
  await expect(events.ingestMany([envelope], { unwrap } as never)).rejects.toThrow(TypeError);
});
