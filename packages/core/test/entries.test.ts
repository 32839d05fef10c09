import { describe, expect, it } from "vitest";
import * as adapter from "../src/entry/adapter.js";
import * as browser from "../src/entry/browser.js";
import * as store from "../src/entry/store.js";
import * as testing from "../src/entry/testing.js";
import * as core from "../src/index.js";
import * as recipes from "../src/recipes/index.js";

const namesOf = (entry: object) => Object.keys(entry).sort();

describe("an entry exports just these names", () => {
  it("@evt/core", () => {
    expect(namesOf(core)).toEqual([
      "EvtError",
      "canonicalJson",
      "createEvt",
      "createNormalize",
      "explain",
      "isEvtError",
    ]);
  });

  it("@evt/core/store", () => {
    expect(namesOf(store)).toEqual([
      "DecimalFold",
      "EvtError",
      "MOST_ATTEMPTS",
      "canonicalTimestamp",
      "claimOf",
      "compareCodePoints",
      "compareDecimals",
      "isEvtError",
      "isReplayStore",
      "isVisibleTo",
      "pageOfTotals",
      "reasonsOf",
      "sha256Hex",
      "storedEvent",
      "timestampMs",
    ]);
  });

  it("@evt/core/adapter", () => {
    expect(namesOf(adapter)).toEqual([
      "Deadline",
      "InexactNumber",
      "JSON_CODE",
      "QUERY_LIMITS",
      "TimeSlice",
      "aborted",
      "backgroundErrors",
      "before",
      "binaryCloudEvent",
      "canonicalTimestamp",
      "checkFlag",
      "checkFunction",
      "checkKnown",
      "checkOneOf",
      "checkWhole",
      "endOfPlainCharacters",
      "givenTextProblem",
      "inTime",
      "isExactNumber",
      "isInexactNumber",
      "isJsonSpace",
      "lineAndColumn",
      "overdue",
      "parseExactly",
      "parseInstant",
      "quoted",
      "readJson",
      "systemRuntime",
      "tenantIdProblem",
      "timestampMs",
      "whyNotJson",
      "withDefaults",
    ]);
  });

  it("@evt/core/recipes", () => {
    expect(namesOf(recipes)).toEqual([
      "eventGrid",
      "firehose",
      "fromBase64",
      "fromJson",
      "ga4",
      "github",
      "githubEvent",
      "member",
      "mixpanelImport",
      "openMeter",
      "otlpMetrics",
      "paypal",
      "pubsubPush",
      "segment",
      "sendgrid",
      "shopify",
      "sns",
      "stripe",
    ]);
  });

  it("@evt/core/browser", () => {
    expect(namesOf(browser)).toEqual(["createIdentify", "createNormalize"]);
  });

  it("@evt/core/testing", () => {
    expect(namesOf(testing)).toEqual(["FakeRuntime", "failing", "seededRandom", "settle"]);
  });
});
