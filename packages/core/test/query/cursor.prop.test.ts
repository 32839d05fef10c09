import { describe, expect, it } from "vitest";
import { isEvtError } from "../../src/evt-error.js";
import { decodeCursor, type EntryFilter, encodeCursor } from "../../src/query/cursor.js";
import { fc, test } from "../properties.js";

const filter: EntryFilter = { tenantId: "t", statuses: ["processed"] };
/** A change of each member. A member that is missing here does not compile. */
const CHANGES: Required<EntryFilter> = {
  tenantId: "other",
  statuses: ["failed"],
  clientId: "a",
  visibleTo: "a",
  metric: "a",
  unit: null,
  dimensions: { plan: "pro" },
  reason: "a",
  from: "2024-01-01T00:00:00.000Z",
  to: "2024-01-01T00:00:00.000Z",
};
const position = fc.record({
  receivedAt: fc
    .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true })
    .map((date) => date.toISOString()),
  id: fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 }),
});

describe("cursors", () => {
  test.prop([position])("decode to their position", (at) => {
    expect(decodeCursor(encodeCursor(at, filter), filter)).toEqual(at);
  });

  test.prop([fc.oneof(fc.string(), fc.anything())])("are refused by name if they are not valid", (cursor) => {
    try {
      decodeCursor(cursor, filter);
      expect.unreachable();
    } catch (error) {
      expect(isEvtError(error, "EVT_INVALID_QUERY")).toBe(true);
    }
  });

  test.prop([position, fc.constantFrom("=", "==", " ", "\n", "A", "\0", ".")])(
    "are refused with anything after their end",
    (at, more) => {
      expect(() => decodeCursor(encodeCursor(at, filter) + more, filter)).toThrow(/cursor/);
    },
  );

  test.prop([position])("have only one encoding", (at) => {
    const bytes = Buffer.from(encodeCursor(at, filter), "base64url");
    const spaced = Buffer.from(`${bytes} x`).toString("base64url");
    const padded = Buffer.from(`${bytes} `).toString("base64url");
    const standard = `${bytes.toString("base64")}=`;
    for (const other of [spaced, padded, standard])
      expect(() => decodeCursor(other, filter)).toThrow(/is not valid/);
  });

  it.each([
    "0000-01-01T00:00:00.000Z",
    "2024-02-30T00:00:00.000Z",
    "2024-13-01T00:00:00.000Z",
    "2024-01-01T24:00:00.000Z",
    "2024-01-01T00:00:00Z",
    "+010000-01-01T00:00:00.000Z",
    "-000001-01-01T00:00:00.000Z",
    "infinity",
  ])("are refused with an instant that a store cannot hold: %s", (receivedAt) => {
    const forged = encodeCursor({ receivedAt, id: "0".repeat(64) }, filter);
    expect(() => decodeCursor(forged, filter)).toThrow(/is not valid/);
  });

  test.prop([position, fc.nat(), fc.nat({ max: 255 }), fc.constantFrom(0, 1)], { numRuns: 1_000 })(
    "never decode to another position if a byte is changed",
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

  test.prop([position])("are refused if any member of the filter differs", (at) => {
    const cursor = encodeCursor(at, filter);
    for (const [member, value] of Object.entries(CHANGES))
      expect(() => decodeCursor(cursor, { ...filter, [member]: value })).toThrow(/belongs to another filter/);
    const both: EntryFilter = { tenantId: "t", statuses: ["failed", "processed"] };
    const reversed: EntryFilter = { tenantId: "t", statuses: ["processed", "failed"] };
    expect(decodeCursor(encodeCursor(at, both), reversed)).toEqual(at);
  });

  test.prop([position, position])("cannot be combined from others", (one, other) => {
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
