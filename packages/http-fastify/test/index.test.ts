import { expect, it } from "vitest";
import * as httpFastify from "../src/index.js";

it("exports these names and no others", () => {
  expect(Object.keys(httpFastify).sort()).toEqual([
    "Forbidden",
    "Problem",
    "createDrain",
    "eventPlugin",
    "healthPlugin",
    "refuseCrossSite",
    "serverLimits",
  ]);
});
