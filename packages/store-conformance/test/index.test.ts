import * as conformance from "@evt/store-conformance";
import * as underVitest from "@evt/store-conformance/vitest";
import { expect, it } from "vitest";

it("@evt/store-conformance exports the tests, and the function that returns why a test does not apply", () => {
  expect(Object.keys(conformance).sort()).toEqual(["notApplicable", "storeTests"]);
});

it("@evt/store-conformance/vitest exports one function", () => {
  expect(Object.keys(underVitest)).toEqual(["describeStore"]);
});
