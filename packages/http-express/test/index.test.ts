import { expect, it } from "vitest";
import * as httpExpress from "../src/index.js";

it("exports these names and no others", () => {
  expect(Object.keys(httpExpress).sort()).toEqual([
    "Forbidden",
    "Problem",
    "createDrain",
    "createEventRouter",
    "createHealthRouter",
    "refuseCrossSite",
    "serverLimits",
  ]);
});
