import { describe, expect, it } from "vitest";
import { acceptedType } from "../../src/routes/accept.js";

const accepted = (accept: string | undefined) =>
  acceptedType({ headers: accept === undefined ? {} : { accept } }, [
    "application/json",
    "application/x-ndjson",
    "text/csv",
  ]);

describe("the accepted type", () => {
  it.each([
    [undefined, "application/json"],
    ["", "application/json"],
    ["*/*", "application/json"],
    ["text/html, application/xhtml+xml, */*;q=0.8", "application/json"],
    ["text/csv", "text/csv"],
    ["TEXT/CSV; charset=utf-8", "text/csv"],
    ["text/*", "text/csv"],
    ["application/x-ndjson, application/json;q=0.9", "application/x-ndjson"],
    ["application/json, text/csv", "application/json"],
    ["application/*, text/csv;q=1.000", "application/json"],
    ["*/*, application/json;q=0", "application/x-ndjson"],
    ["text/*;q=0, */*;q=0.1, application/*;q=0", undefined],
    ["application/json;q=0.2, */*;q=0.1, text/csv;level=1;q=0.3", "text/csv"],
    ["nonsense, text/csv", "text/csv"],
  ])("of %j is %s", (accept, type) => {
    if (type === undefined) expect(() => accepted(accept)).toThrow(/this path can send/);
    else expect(accepted(accept)).toBe(type);
  });

  it.each(["image/png", "application/json;q=0", "nonsense", "text/html;q=1, text/csv;q=0.0"])(
    "does not exist for %j: a 406",
    (accept) => {
      expect(() => accepted(accept)).toThrow(
        expect.objectContaining({ status: 406, code: "EVT_NOT_ACCEPTABLE" }),
      );
    },
  );
});
