import { describe, expect, it } from "vitest";
import { EvtError, type EvtErrorCode, isEvtError } from "../src/evt-error.js";

describe("EvtError", () => {
  it.each<[EvtErrorCode, boolean]>([
    ["EVT_STORE_UNAVAILABLE", true],
    ["EVT_STORE_CONTENDED", true],
    ["EVT_SCHEMA_OUTDATED", true],
    ["EVT_OVERLOADED", true],
    ["EVT_DEADLINE", true],
    ["EVT_RECORD_REFUSED", false],
    ["EVT_PRUNED", false],
    ["EVT_ABORTED", false],
    ["EVT_CLOSED", false],
    ["EVT_INVALID_EVENT", false],
    ["EVT_INVALID_QUERY", false],
    ["EVT_FORBIDDEN", false],
    ["EVT_TOO_WIDE", false],
    ["EVT_INTERNAL", false],
  ])("%s is retryable: %s", (code, retryable) => {
    expect(new EvtError(code, "why").retryable).toBe(retryable);
  });

  it("of another copy of the package is recognized", () => {
    const other = { [Symbol.for("evt.error")]: true, code: "EVT_OVERLOADED" };
    expect(isEvtError(other)).toBe(true);
    expect(isEvtError(other, "EVT_OVERLOADED")).toBe(true);
    expect(isEvtError(other, "EVT_CLOSED")).toBe(false);
  });
});
