import { expect, it } from "vitest";
import * as core from "../src/index.js";

it("exports just these names", () => {
  expect(Object.keys(core).sort()).toEqual([
    "DecimalFold",
    "EvtError",
    "InexactNumber",
    "JSON_CODE",
    "MOST_ATTEMPTS",
    "TimeSlice",
    "canonicalJson",
    "canonicalTimestamp",
    "compareDecimals",
    "createEvt",
    "createNormalize",
    "endOfPlainCharacters",
    "failing",
    "isEvtError",
    "isExactNumber",
    "isJsonSpace",
    "isVisibleTo",
    "lineAndColumn",
    "readJson",
    "reasonsOf",
    "sha256Hex",
    "storedEvent",
    "timestampMs",
    "whyNotJson",
  ]);
});
