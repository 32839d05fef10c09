import { describe, expect, it } from "vitest";
import { Problem } from "../src/index.js";
import { isProblem } from "../src/problem.js";
import { problemResponse } from "../src/responses/problem-response.js";

describe("a Problem", () => {
  it("of your own becomes a response with your status, code and headers", () => {
    const headers = { "Retry-After": "30" };
    const response = problemResponse(new Problem(429, "TOO_MANY", "at most 100 a minute", { headers }));
    expect(response).toMatchObject({ status: 429, headers });
    expect(JSON.parse(response.body)).toEqual({
      type: "about:blank",
      title: "Too Many Requests",
      status: 429,
      code: "TOO_MANY",
      detail: "at most 100 a minute",
      retryable: true,
    });
  });

  it.each([
    [400, false],
    [401, false],
    [408, true],
    [409, false],
    [422, false],
    [429, true],
    [500, false],
    [502, true],
    [503, true],
    [504, true],
  ])("with the status %i has retryable %s", (status, retryable) => {
    expect(JSON.parse(problemResponse(new Problem(status, "X", "no")).body).retryable).toBe(retryable);
  });

  it("of another copy of the package is recognized", () => {
    const other = Object.assign(new Error("no"), { [Symbol.for("evt.http.problem")]: true });
    expect(isProblem(other)).toBe(true);
    for (const not of [new Error("no"), { [Symbol.for("evt.http.problem")]: true }, null, "no"])
      expect(isProblem(not)).toBe(false);
  });

  it.each([200, 399, 600, 404.5, Number.NaN, "404"])("cannot have the status %s", (status) => {
    expect(() => new Problem(status as number, "X", "no")).toThrow("it must be from 400 to 599");
  });

  it.each([
    ["Retry-After", "1\r\nSet-Cookie: a=b"],
    ["Retry\nAfter", "1"],
    ["X", "\u{1f600}"],
    ["X", "a\0"],
    ["", "a"],
    ["content-length", "0"],
    ["Content-Type", "text/html"],
    ["Transfer-Encoding", "chunked"],
  ])("cannot have the header %j: %j", (name, value) => {
    expect(() => new Problem(404, "X", "no", { headers: { [name]: value } })).toThrow("cannot be sent");
  });
});
