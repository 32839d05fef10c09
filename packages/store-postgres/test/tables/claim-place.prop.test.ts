import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ClaimSource, placeHex } from "../../src/tables/claim-place.js";

const at = fc
  .tuple(
    fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
    fc.integer({ min: 0, max: 999 }),
  )
  .map(([date, micros]) => {
    const text = date.toISOString();
    return micros === 0 ? text : text.replace("Z", `${String(micros).padStart(3, "0")}Z`);
  });
const key = fc.string({ minLength: 1, maxLength: 60, unit: "grapheme" });

const placed: fc.Arbitrary<ClaimSource> = fc.record({
  identifiedBy: fc.constantFrom("key", "content", "window", "receipt"),
  idempotencyKey: key,
  timestamp: at,
  receivedAt: at,
});

/** The fields that an event's identity hashes and that could determine its place. */
function identifying({ identifiedBy, idempotencyKey, timestamp, receivedAt }: ClaimSource): string {
  const by = { key: idempotencyKey, content: timestamp, window: null, receipt: receivedAt }[identifiedBy];
  return JSON.stringify([identifiedBy, by]);
}

describe("the place of a claim", () => {
  it("depends only on fields that the identity hashes, so equal identities have equal places", () => {
    fc.assert(
      fc.property(placed, placed, (one, other) => {
        const same: ClaimSource = {
          ...other,
          identifiedBy: one.identifiedBy,
          ...(one.identifiedBy === "key" && { idempotencyKey: one.idempotencyKey }),
          ...(one.identifiedBy === "content" && { timestamp: one.timestamp }),
          ...(one.identifiedBy === "receipt" && { receivedAt: one.receivedAt }),
        };
        expect(identifying(same)).toBe(identifying(one));
        expect(placeHex(same)).toBe(placeHex(one));
      }),
    );
  });

  it("sorts by time if the time identifies the event", () => {
    fc.assert(
      fc.property(at, at, (one, other) => {
        const micros = (text: string) => (text.length > 24 ? text : text.replace("Z", "000Z"));
        const place = (timestamp: string) =>
          placeHex({ identifiedBy: "content", idempotencyKey: null, timestamp, receivedAt: one });
        expect(place(one) < place(other)).toBe(micros(one) < micros(other));
        expect(place(one) === place(other)).toBe(micros(one) === micros(other));
      }),
    );
  });

  it("is the beginning of the key, so rising keys are close together", () => {
    const place = (idempotencyKey: string) =>
      Buffer.from(
        placeHex({
          identifiedBy: "key",
          idempotencyKey,
          timestamp: "2026-01-01T00:00:00.000Z",
          receivedAt: "2026-01-01T00:00:00.000Z",
        }),
        "hex",
      );
    expect(place("order-17").toString()).toBe("order-17");
    expect(place(`${"é".repeat(16)}x`)).toEqual(Buffer.from("é".repeat(16)));
    expect(place("x".repeat(255))).toHaveLength(32);
  });
});
