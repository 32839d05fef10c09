import type { EventRecord } from "@evt/core";
import { describe, expect, test } from "vitest";
import { copyText } from "../../src/durable-ingest/copy-text.js";

const record: EventRecord = {
  tenantId: "acme",
  identity: "aa",
  id: "aa",
  fingerprint: "aa",
  identifiedBy: "content",
  receiptId: "00112233445566778899aabbccddeeff",
  receivedAt: "2026-11-24T12:00:00.000Z",
  lapsesAt: null,
  clientId: "ATL",
  metric: "DFW",
  amount: "-7",
  timestamp: "2026-11-24T11:59:00.000Z",
  idempotencyKey: null,
  rawJson: '{"a":"b\\n"}',
};

const fieldsOf = (rows: Buffer) =>
  rows
    .toString()
    .split("\n")
    .map((line) => line.split("\t"));

describe("copyText", () => {
  test("omits hashes that equal the identity, as the store does", () => {
    const { claims, events } = copyText([record]);
    const nothing = "\\N";
    expect(fieldsOf(claims)[0]).toEqual([
      record.receivedAt,
      nothing,
      record.receiptId,
      "acme",
      expect.stringMatching(/^\\\\x8003/),
      "\\\\xaa",
      ...Array(5).fill(nothing),
    ]);
    expect(fieldsOf(events)[0]?.slice(8, 11)).toEqual([nothing, nothing, nothing]);
  });

  test("writes hashes that differ from the identity", () => {
    const { claims, events } = copyText([{ ...record, id: "bb", fingerprint: "cc", idempotencyKey: "k" }]);
    expect(fieldsOf(claims)[0]?.slice(4, 8)).toEqual(["\\\\x6b", "\\\\xaa", "\\\\xbb", "\\\\xcc"]);
    expect(fieldsOf(events)[0]?.slice(8, 11)).toEqual(["\\\\xaa", "\\\\xcc", "k"]);
  });

  test("writes hints of claims only if they are not the defaults", () => {
    const { claims } = copyText([{ ...record, rawHash: 7, rules: 2, twins: 3 }]);
    expect(fieldsOf(claims)[0]?.slice(8)).toEqual(["7", "2", "3"]);
  });

  test("escapes characters that would end a field or a row", () => {
    const { events } = copyText([{ ...record, rawJson: "a\tb\nc\rd\\e" }]);
    expect(fieldsOf(events)).toHaveLength(2);
    expect(fieldsOf(events)[0]?.at(-1)).toBe("a\\tb\\nc\\rd\\\\e");
  });

  test("ends every row", () => {
    const { claims } = copyText([record, record]);
    expect(claims.toString().match(/\n/g)).toHaveLength(2);
  });
});
