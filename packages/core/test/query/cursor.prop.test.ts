import { describe, expect } from "vitest";
import { isEvtError } from "../../src/evt-error.js";
import { decodeCursor, encodeCursor } from "../../src/query/cursor.js";
import { fc, test } from "../properties.js";

const filter = { tenantId: "t", statuses: ["processed"] as const };
const position = fc.record({
  receivedAt: fc
    .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true })
    .map((date) => date.toISOString()),
  id: fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 }),
});

describe("cursors", () => {
  test.prop([position])("lead back to their position", (at) => {
    expect(decodeCursor(encodeCursor(at, filter), filter)).toEqual(at);
  });

  test.prop([fc.oneof(fc.string(), fc.anything())])("are refused by name where they are none", (cursor) => {
    try {
      decodeCursor(cursor, filter);
      expect.unreachable();
    } catch (error) {
      expect(isEvtError(error, "EVT_INVALID_QUERY")).toBe(true);
    }
  });

  test.prop([position, fc.nat(), fc.nat({ max: 255 }), fc.constantFrom(0, 1)], { numRuns: 1_000 })(
    "never lead elsewhere when a byte of them is changed",
    (at, index, byte, removed) => {
      const bytes = Buffer.from(encodeCursor(at, filter));
      const place = index % bytes.length;
      const changed = Buffer.concat([
        bytes.subarray(0, place),
        Buffer.of(byte),
        bytes.subarray(place + removed),
      ]);
      try {
        expect(decodeCursor(changed.toString("latin1"), filter)).toEqual(at);
      } catch (error) {
        expect(isEvtError(error, "EVT_INVALID_QUERY")).toBe(true);
      }
    },
  );

  test.prop([position, position])("cannot be put together from others", (one, other) => {
    const [first, second] = [one, other].map((each) =>
      Buffer.from(encodeCursor(each, filter), "base64url").toString(),
    );
    const [, , mark] = (first as string).split(" ");
    const [receivedAt, id] = (second as string).split(" ");
    const forged = Buffer.from([receivedAt, id, mark].join(" ")).toString("base64url");
    fc.pre(receivedAt !== one.receivedAt || id !== one.id);
    expect(() => decodeCursor(forged, filter)).toThrow(/was changed/);
  });
});
