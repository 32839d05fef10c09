import type { PreparedEvent } from "@evt/core";
import { describe, expect, it } from "vitest";
import { outboxText, preparedEventOf } from "../../src/outbox/outbox-text.js";
import { recordOf } from "../records.js";

const prepared: PreparedEvent = {
  record: recordOf({ rawJson: '{"text":"\u0000 é☕𝒳 \\ud800"}', timestamp: "2026-02-28T23:50:00.000001Z" }),
  provenance: { amount: "payload.amount", timestamp: "receipt" },
};
const parsed = () => JSON.parse(outboxText(prepared)) as { record: Record<string, unknown> };

describe("an enqueued event", () => {
  it.each<[string, PreparedEvent]>([
    ["with all its properties", prepared],
    [
      "without optional properties",
      { record: recordOf({ rawJson: null, idempotencyKey: null }), provenance: {} },
    ],
    ["of a caller bound to a client", { ...prepared, vouchedClientId: "client" }],
    [
      "of a batch, in an envelope",
      { ...prepared, ordinal: 1, numbered: { rules: 2, batchKey: "é☕" }, unwrapped: true },
    ],
    ["identified by its receipt", { record: recordOf({ identifiedBy: "receipt" }), provenance: {} }],
  ])("%s is read as it was written", (_, event) => {
    expect(preparedEventOf(outboxText(event))).toEqual(event);
  });

  it("has only characters that Postgres accepts", () => {
    const text = outboxText(prepared);
    expect(text.includes("\0")).toBe(false);
    expect(text.isWellFormed()).toBe(true);
  });

  it.each([
    "",
    "{",
    "null",
    "[]",
    "1",
    '"text"',
    "{}",
    '{"format":1}',
    '{"format":1,"record":{},"provenance":{}}',
  ])("cannot be %j", (text) => {
    expect(preparedEventOf(text)).toBeNull();
  });

  it("is skipped if it is in another format", () => {
    expect(preparedEventOf(JSON.stringify({ ...parsed(), format: 2 }))).toBeNull();
    expect(preparedEventOf(JSON.stringify({ ...parsed(), provenance: null }))).toBeNull();
    expect(preparedEventOf(JSON.stringify({ ...parsed(), vouchedClientId: null }))).toBeNull();
    expect(preparedEventOf(JSON.stringify({ ...parsed(), unwrapped: false }))).toBeNull();
    for (const numbered of [null, {}, { rules: 0 }, { rules: 1, batchKey: null }])
      expect(preparedEventOf(JSON.stringify({ ...parsed(), numbered }))).toBeNull();
  });

  it.each([
    ...Object.keys(prepared.record).map((member) => [member, undefined] as const),
    ...Object.keys(prepared.record).map((member) => [member, 1] as const),
    ["identity", "g".repeat(64)],
    ["id", prepared.record.id.toUpperCase()],
    ["receiptId", prepared.record.id],
    ["identifiedBy", "luck"],
    ["receivedAt", "2026-13-01T00:00:00.000Z"],
    ["timestamp", "2026-01-01"],
    ["timestamp", "infinity"],
    ["amount", "NaN"],
    ["amount", "1e3"],
    ["clientId", "a\0b"],
    ["metric", "\ud800"],
  ] as const)("is skipped if its %s is %j", (member, value) => {
    const { record, ...rest } = parsed();
    expect(preparedEventOf(JSON.stringify({ ...rest, record: { ...record, [member]: value } }))).toBeNull();
  });
});
