import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import type { MessageHeaders } from "../../src/cloud-event/message-headers.js";
import { createEvt } from "../../src/create-evt.js";
import type { Mapping } from "../../src/normalize/mapping.js";

const headers = {
  "content-type": "application/json",
  "ce-specversion": "1.0",
  "ce-id": "1",
  "ce-source": "my-app",
  "ce-type": "tokens",
};

function newTenant(mapping: Mapping = {}) {
  return createEvt({ store: new MemoryStore(), mapping }).tenant("t");
}

const issuesOf = async (given: MessageHeaders, events: readonly unknown[] = [{ amount: 5 }]) => {
  const { outcomes } = await newTenant().ingestMany(events, { headers: given });
  return outcomes.map((outcome) =>
    outcome.outcome === "rejected" ? outcome.issues.map(({ code, path }) => `${code} ${path}`.trim()) : [],
  );
};

describe("a CloudEvent in binary mode", () => {
  it("has its attributes in the headers and its data in the event", async () => {
    const outcome = await newTenant().ingest({ amount: 5 }, { headers });
    expect(outcome).toMatchObject({
      outcome: "processed",
      event: { clientId: "my-app", metric: "tokens", amount: "5", idempotencyKey: "1" },
    });
  });

  it("is another event if its id differs, even if its data is equal", async () => {
    const events = newTenant();
    const of = async (id: string) =>
      (await events.ingest({ amount: 5 }, { headers: { ...headers, "ce-id": id } })).outcome;
    expect([await of("1"), await of("2"), await of("1")]).toEqual(["processed", "processed", "duplicate"]);
  });

  it("is the same event as in structured mode", async () => {
    const events = newTenant();
    const time = "2024-01-01T00:00:00Z";
    await events.ingest({ amount: 5 }, { headers: { ...headers, "ce-time": time, "ce-subject": "a%20b" } });
    const { "content-type": datacontenttype, ...attributes } = headers;
    const structured = { datacontenttype, time, subject: "a b", data: { amount: 5 } };
    const named = Object.entries(attributes).map(([name, value]) => [name.slice(3), value]);
    const outcome = await events.ingest({ ...Object.fromEntries(named), ...structured });
    expect(outcome).toMatchObject({ outcome: "duplicate" });
    const stored = outcome.outcome === "duplicate" ? outcome.event?.rawJson : null;
    expect(JSON.parse(stored ?? "")).toEqual({ ...Object.fromEntries(named), ...structured });
  });

  it.each([
    ["a number", 5, { fields: { amount: "data" } }, "5"],
    ["a string", "5.50", { fields: { amount: "data" } }, "5.5"],
    ["an array", [{ amount: 1 }], { fields: { amount: "data.0.amount" } }, "1"],
    ["null", null, { defaults: { amount: "1" } }, "1"],
    ["absent", undefined, { defaults: { amount: "1" } }, "1"],
  ] as const)("may have data that is %s", async (_, data, mapping, amount) => {
    const outcome = await newTenant(mapping).ingest(data, { headers });
    expect(outcome).toMatchObject({ outcome: "processed", event: { amount } });
    const raw = outcome.outcome === "processed" ? JSON.parse(outcome.event.rawJson ?? "") : {};
    expect(raw.data).toEqual(data);
    expect("data" in raw).toBe(data !== undefined);
  });

  it("keeps the JSON text of its data as it was sent", async () => {
    const rawJson = '{"amount": "5", "n": 9007199254740993}';
    const outcome = await newTenant().ingest(JSON.parse(rawJson), { headers, rawJson });
    expect(outcome).toMatchObject({ event: { rawJson: expect.stringContaining(`"data":${rawJson}`) } });
  });

  it("is recognized by names in any case, in a record or in pairs", async () => {
    const upper = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]),
    );
    for (const given of [upper, new Headers(headers), new Map(Object.entries(headers))])
      expect(await newTenant().ingest({ amount: 5 }, { headers: given })).toMatchObject({
        event: { idempotencyKey: "1" },
      });
  });

  it("is recognized neither in a message in structured mode nor without its headers", async () => {
    const event = { specversion: "1.0", id: "own", source: "s", type: "t", data: { amount: 1 } };
    const structured = { ...headers, "content-type": "application/cloudevents+json; charset=utf-8" };
    const { outcomes } = await newTenant().ingestMany([event], { headers: structured });
    expect(outcomes[0]).toMatchObject({ event: { idempotencyKey: "own", clientId: "s" } });
    expect(await newTenant().ingest({ client: "a", amount: 1 }, { headers: { host: "x" } })).toMatchObject({
      event: { clientId: "a" },
    });
  });

  it.each(["specversion", "id", "source", "type"])(
    "is rejected without ce-%s, and not counted as another event",
    async (name) => {
      const { [`ce-${name}` as "ce-id"]: _, ...others } = headers;
      expect(await issuesOf(others)).toEqual([[`cloud_event_invalid ${name}`]]);
      expect(await issuesOf({ ...headers, [`ce-${name}`]: "" })).toEqual([[`cloud_event_invalid ${name}`]]);
    },
  );

  it("is rejected if a header cannot be decoded, is repeated, or would replace the data", async () => {
    expect(await issuesOf({ ...headers, "ce-subject": "100%" })).toEqual([["cloud_event_invalid subject"]]);
    expect(await issuesOf({ ...headers, "ce-id": ["1", "2"] })).toEqual([["cloud_event_invalid id"]]);
    expect(await issuesOf({ ...headers, "CE-ID": "2" })).toEqual([["cloud_event_invalid id"]]);
    expect(await issuesOf({ ...headers, "ce-data": "{}" })).toEqual([["cloud_event_invalid data"]]);
  });

  it("cannot be several events", async () => {
    expect(await issuesOf(headers, [{ amount: 1 }, { amount: 2 }])).toEqual([
      ["cloud_event_invalid"],
      ["cloud_event_invalid"],
    ]);
  });

  it("is parked with the attributes from its headers, and can be replayed", async () => {
    const store = new MemoryStore();
    const before = createEvt({ store }).tenant("t");
    const data = '{"cost":9007199254740993}';
    const refused = await before.ingest(JSON.parse(data), { headers, rawJson: data });
    expect(refused).toMatchObject({ outcome: "rejected", issues: [{ code: "amount_missing" }] });
    const after = createEvt({ store, mapping: { fields: { amount: "n" } } }).tenant("t");
    const report = await after.replay([refused.id ?? ""], {
      edit: (raw) => ({ ...(raw as object), n: "7" }),
    });
    expect(report.results[0]).toMatchObject({
      outcome: "processed",
      event: { clientId: "my-app", idempotencyKey: "1", amount: "7" },
    });
    expect(await after.ingest({ cost: 1 }, { headers })).toMatchObject({ outcome: "rejected" });
  });

  it("is rejected by a replay if its headers were incomplete, until an edit completes the event", async () => {
    const events = newTenant();
    const { "ce-id": _, ...others } = headers;
    const refused = await events.ingest({ amount: 5 }, { headers: others });
    const ids = [refused.id ?? ""];
    expect(await events.replay(ids)).toMatchObject({ rejected: 1 });
    const edit = (raw: unknown) => ({ ...(raw as object), id: "1" });
    expect(await events.replay(ids, { edit })).toMatchObject({ processed: 1 });
    expect(await events.ingest({ amount: 5 }, { headers })).toMatchObject({ outcome: "duplicate" });
  });

  it("can be prepared and previewed", async () => {
    const events = newTenant();
    const [preview] = await events.preview([{ amount: 5 }], { headers });
    expect(preview).toMatchObject({
      canonical: { idempotencyKey: "1" },
      provenance: { amount: "data.amount" },
    });
    const [prepared] = events.prepare([{ amount: 5 }], { headers });
    expect(prepared?.record).toMatchObject({ idempotencyKey: "1", metric: "tokens" });
  });

  it("needs headers that are a record or pairs", async () => {
    await expect(newTenant().ingest({}, { headers: "ce-id: 1" as never })).rejects.toThrow(
      'headers is "ce-id: 1"; pass the headers of a request, such as req.headers',
    );
  });
});
