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

  test.prop([position, fc.nat(), fc.nat({ max: 255 })])(
    "never lead elsewhere when a byte of them is changed unless it still reads as a position",
    (at, index, byte) => {
      const bytes = Buffer.from(encodeCursor(at, filter));
      bytes[index % bytes.length] = byte;
      try {
        const { receivedAt, id } = decodeCursor(bytes.toString("latin1"), filter);
        expect(Number.isNaN(Date.parse(receivedAt))).toBe(false);
        expect(id).toMatch(/^[0-9a-f]{64}$/);
      } catch (error) {
        expect(isEvtError(error, "EVT_INVALID_QUERY")).toBe(true);
      }
    },
  );
});
