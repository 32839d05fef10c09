import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import { explain } from "../../src/explain/explain.js";
import { segment } from "../../src/recipes/index.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";
import { segmentBatch } from "../recipes/bodies.js";
import { ScriptedStore } from "../scripted-store.js";

const receivedAt = "2024-06-01T00:00:00.000Z";
const quake = { id: "us1", properties: { net: "us", mag: 4.5 }, time: "2024-01-01T12:00:00Z" };
const fields = { clientId: "properties.net", amount: "properties.mag", idempotencyKey: "id" };

describe("explain", () => {
  it("returns the fields with their sources", () => {
    const { events } = explain({ fields, defaults: { metric: "earthquake" } }, [quake], { receivedAt });
    expect(events).toEqual([
      {
        index: 0,
        canonical: {
          clientId: "us",
          metric: "earthquake",
          amount: "4.5",
          unit: null,
          dimensions: null,
          timestamp: "2024-01-01T12:00:00.000Z",
          idempotencyKey: "us1",
        },
        provenance: {
          clientId: "properties.net",
          metric: "default",
          amount: "properties.mag",
          timestamp: "time",
          idempotencyKey: "id",
        },
        issues: [],
      },
    ]);
  });

  it("prints a table", () => {
    const broken = { client: "shop", type: "order", amount: "five\n", date: "2024-01-01" };
    expect(explain({}, [broken], { receivedAt }).table.split("\n")).toEqual([
      "sample             value                     from",
      "0       clientId   shop                      client",
      "0       metric     order                     type",
      "0       timestamp  2024-01-01T00:00:00.000Z  date",
      expect.stringMatching(/^0 {7}refused {4}amount_not_a_number {7}amount: amount is "five\\n"; /),
    ]);
  });

  it("explains each event of an envelope, and an envelope that is refused", () => {
    const { events, table } = explain(segment, [segmentBatch], { receivedAt });
    expect(events.map(({ index, part }) => [index, part])).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(table).toMatch(/^0\.1 +metric +identify +type$/m);
    expect(explain({}, [segmentBatch]).events).toMatchObject([{ issues: [{ code: "event_is_envelope" }] }]);
    expect(explain({ unwrap: "batch" }, [{ batch: 5 }]).events).toMatchObject([
      { issues: [{ code: "unwrap_failed" }] },
    ]);
  });

  it("agrees with a preview", async () => {
    const mapping = { unwrap: "data" };
    const runtime = new FakeRuntime();
    const now = new Date(runtime.now()).toISOString();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), async (samples) => {
        const tenant = createEvt({ store: new ScriptedStore(), runtime, mapping }).tenant("acme");
        const previews = await tenant.preview(samples);
        const explained = explain(mapping, samples, { receivedAt: now }).events;
        const facts = ({ canonical, provenance }: { canonical: unknown; provenance: unknown }) => [
          canonical,
          provenance,
        ];
        expect(explained.map(facts)).toEqual(previews.map(facts));
      }),
    );
  });

  it("refuses arguments that are not valid", () => {
    expect(() => explain({ field: {} } as never, [])).toThrow('did you mean "fields"?');
    expect(() => explain({}, {} as never)).toThrow("explain takes an array of samples, not an object");
    expect(() => explain({}, [], { client: "x" } as never)).toThrow("explain has no option");
  });

  it("returns only the head of the table for no samples", () => {
    expect(explain({}, []).table).toBe("sample    value  from");
  });
});
