import { expect, it } from "vitest";
import * as http from "../src/index.js";

it("exports these names and no others", () => {
  expect(Object.keys(http).sort()).toEqual([
    "FetchExchange",
    "Forbidden",
    "NodeExchange",
    "Problem",
    "addressKey",
    "createDrain",
    "createEventRoutes",
    "createHealthRoutes",
    "noSuchPath",
    "refuseCrossSite",
    "serverLimits",
    "toFetchHandler",
    "toFetchHealthHandler",
    "toNodeHandler",
    "toNodeHealthHandler",
    "withoutBase",
  ]);
});
