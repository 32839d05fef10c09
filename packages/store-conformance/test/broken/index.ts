import type { BrokenStore } from "./broken-store.js";
import { brokenClaims } from "./claims.js";
import { brokenKeptTotals } from "./kept-totals.js";
import { brokenNames } from "./names.js";
import { brokenOrderedTotals } from "./ordered-totals.js";
import { brokenParking } from "./parked.js";
import { brokenReads } from "./reads.js";
import { brokenReplays } from "./replays.js";
import { brokenTenantsAndCalls } from "./tenants-and-calls.js";
import { brokenUnitsAndDimensions } from "./units-and-dimensions.js";

export const brokenStores: readonly BrokenStore[] = [
  ...brokenClaims,
  ...brokenKeptTotals,
  ...brokenNames,
  ...brokenOrderedTotals,
  ...brokenParking,
  ...brokenReads,
  ...brokenReplays,
  ...brokenTenantsAndCalls,
  ...brokenUnitsAndDimensions,
];
