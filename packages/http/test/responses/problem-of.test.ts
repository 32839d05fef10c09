import { EvtError, type EvtErrorCode } from "@evt/core";
import { describe, expect, it } from "vitest";
import { problemOf } from "../../src/responses/problem-of.js";

describe("problemOf", () => {
  it.each<[EvtErrorCode, number]>([
    ["EVT_STORE_UNAVAILABLE", 503],
    ["EVT_STORE_CONTENDED", 503],
    ["EVT_OVERLOADED", 503],
    ["EVT_DEADLINE", 503],
    ["EVT_CLOSED", 503],
    ["EVT_INVALID_EVENT", 422],
    ["EVT_INVALID_QUERY", 400],
    ["EVT_TOO_WIDE", 422],
    ["EVT_PRUNED", 422],
  ])("maps %s to %i with its own message", (code, status) => {
    expect(problemOf(new EvtError(code, "why", { cause: "the inside" }))).toMatchObject({
      status,
      code,
      message: "why",
    });
  });

  it.each([
    new EvtError("EVT_INTERNAL", "the inside"),
    new EvtError("EVT_RECORD_REFUSED", "the inside"),
    new TypeError("the inside"),
    "the inside",
    null,
  ])("maps %s to 500 without internal details", (error) => {
    const problem = problemOf(error);
    expect(problem).toMatchObject({ status: 500, code: "EVT_INTERNAL" });
    expect(JSON.stringify(problem) + problem.message).not.toContain("the inside");
  });

  it("maps EVT_SCHEMA_OUTDATED to a 503 without the schema or versions", () => {
    const message =
      "schema evt is at version 1, this version of @evt/store-postgres needs 3: call migrate(pool)";
    const problem = problemOf(new EvtError("EVT_SCHEMA_OUTDATED", message));
    expect(problem).toMatchObject({ status: 503, code: "EVT_SCHEMA_OUTDATED" });
    expect(problem.options.headers).toMatchObject({ "Retry-After": expect.anything() });
    expect(problem.message).not.toMatch(/evt is|version|migrate/);
  });

  it("names the ends of a range as the query string does", () => {
    const ofFrom = new EvtError("EVT_INVALID_QUERY", 'from: "x" is not an instant; go from it to one', {
      parameter: "from",
    });
    expect(problemOf(ofFrom).message).toBe('startDate: "x" is not an instant; go from it to one');
    expect(problemOf(ofFrom).options.parameter).toBe("startDate");
    expect(problemOf(ofFrom, "/events?to=y&%66rom=x").options.parameter).toBe("from");
    expect(problemOf(ofFrom, "/events?to=y&startDate=x").options.parameter).toBe("startDate");
    const ofZone = new EvtError("EVT_INVALID_QUERY", "from Mars", { parameter: "timeZone" });
    expect(problemOf(ofZone).message).toBe("from Mars");
  });
});
