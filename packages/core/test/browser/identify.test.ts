import { createHash } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { createIdentify, type IdentifyCallOptions } from "../../src/browser/identify.js";

const sha256 = vi.fn((text: string) => createHash("sha256").update(text).digest("hex"));
const keyed = { client: "shop", amount: "19.90", eventId: "order-17" };

describe("identify", () => {
  it("returns the canonical event and the identity that anyone can recompute", async () => {
    const [event] = await createIdentify({ sha256 })([keyed], { receivedAt: "2026-01-01T00:00:00.000Z" });
    expect(event).toEqual({
      outcome: "identified",
      canonical: {
        clientId: "shop",
        metric: "unknown",
        amount: "19.9",
        unit: null,
        dimensions: null,
        timestamp: "2026-01-01T00:00:00.000Z",
        idempotencyKey: "order-17",
      },
      provenance: expect.objectContaining({ amount: "amount" }),
      identifiedBy: "key",
      identity: sha256('{"clientId":"shop","idempotencyKey":"order-17"}'),
      identityJson: '{"clientId":"shop","idempotencyKey":"order-17"}',
      fingerprint: sha256('{"amount":"19.9","clientId":"shop","metric":"unknown","timestamp":null}'),
    });
  });

  it("returns the issues of an event that the server would reject", async () => {
    const [event] = await createIdentify({ sha256 })([{ client: "shop" }]);
    expect(event).toMatchObject({ outcome: "rejected", issues: [{ code: "amount_missing" }] });
  });

  it("accepts an asynchronous hash function, such as a browser's", async () => {
    const identify = createIdentify({ sha256: async (text) => sha256(text) });
    const options = { idempotencyKey: "batch", receivedAt: "2026-01-01T00:00:00.000Z" };
    expect(await identify([keyed, { client: "a", amount: 1 }, { client: "a", amount: 1 }], options)).toEqual(
      await createIdentify({ sha256 })(
        [keyed, { client: "a", amount: 1 }, { client: "a", amount: 1 }],
        options,
      ),
    );
  });

  it("returns no identity for an event that is counted at each receipt", async () => {
    const identify = createIdentify({ sha256, mapping: { unstamped: "count-each" } });
    const [event] = await identify([{ client: "shop", amount: 1 }]);
    expect(event).toMatchObject({ identifiedBy: "receipt", identity: null, identityJson: null });
  });

  it("refuses a hash function that returns no hash", async () => {
    for (const hash of ["", "ABC", undefined as unknown as string])
      await expect(createIdentify({ sha256: () => hash })([keyed])).rejects.toThrow(/sha256 returned/);
  });

  it("refuses wrong options", async () => {
    expect(() => createIdentify({} as never)).toThrow(/needs sha256/);
    expect(() => createIdentify({ sha256, maping: {} } as never)).toThrow('did you mean "mapping"?');
    expect(() => createIdentify({ sha256, mapping: { timeZone: "Mars" } })).toThrow(/Mars/);
    const wrong: [IdentifyCallOptions, RegExp][] = [
      [{ mapping: "no" }, /there is no mapping "no"/],
      [{ idempotencyKeys: ["a", "b"] }, /one item for each of the 1 events/],
      [{ receivedAt: "2026-01-01" }, /receivedAt is "2026-01-01"/],
      [{ clientID: "a" } as never, /did you mean "clientId"/],
    ];
    for (const [options, message] of wrong)
      await expect(createIdentify({ sha256 })([keyed], options)).rejects.toThrow(message);
    await expect(createIdentify({ sha256 })(keyed as never)).rejects.toThrow(/takes an array of events/);
  });
});
