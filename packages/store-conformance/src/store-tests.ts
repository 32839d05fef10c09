import { modelTest } from "./model/model-test.js";
import { calls } from "./obligations/calls.js";
import { harnessChecks } from "./obligations/harness-checks.js";
import { allOrNothing } from "./obligations/s1-all-or-nothing.js";
import { oneWinner } from "./obligations/s2-one-winner.js";
import { orderOfOutcomes } from "./obligations/s3-order-of-outcomes.js";
import { whoTookIt } from "./obligations/s4-who-took-it.js";
import { visibleAndDurable } from "./obligations/s5-visible-and-durable.js";
import { totalsMove } from "./obligations/s6-totals-move.js";
import { lapsedClaims } from "./obligations/s7-lapsed-claims.js";
import { resolvedFailures } from "./obligations/s8-resolved-failures.js";
import { lateFailures } from "./obligations/s9-late-failures.js";
import { parking } from "./obligations/s9-parking.js";
import { settlements } from "./obligations/s9-settlements.js";
import { listing } from "./obligations/s10-listing.js";
import { pagesWithRaws } from "./obligations/s10-pages-with-raws.js";
import { paging } from "./obligations/s10-paging.js";
import { totals } from "./obligations/s11-totals.js";
import { closing } from "./obligations/s12-closing.js";
import { tenantsApart } from "./obligations/s13-tenants-apart.js";
import { lookup } from "./obligations/s14-lookup.js";
import { holders } from "./obligations/s15-holders.js";
import { reasonCounts } from "./obligations/s16-reasons.js";
import { replays } from "./obligations/s17-replay.js";
import { attempts } from "./obligations/s18-attempts.js";
import { rawTexts } from "./obligations/s19-raw-texts.js";
import { orderedTotals } from "./obligations/s20-ordered-totals.js";
import { units } from "./obligations/s21-units.js";
import { dimensions } from "./obligations/s22-dimensions.js";
import { names } from "./obligations/s23-names.js";
import { keptTotals } from "./obligations/s24-kept-totals.js";
import type { StoreTest } from "./store-test.js";

/**
 * The contract of a store as a list of tests, for any test runner. With vitest, use `describeStore`. The harness
 * checks come first. The order of the other tests has no meaning.
 *
 * @example
 * ```js
 * import { test } from "node:test";
 * import { storeTests } from "@evt/store-conformance";
 *
 * for (const { title, run } of storeTests) test(title, () => run(harness));
 * ```
 */
export const storeTests: readonly StoreTest[] = [
  ...harnessChecks,
  ...allOrNothing,
  ...oneWinner,
  ...orderOfOutcomes,
  ...whoTookIt,
  ...visibleAndDurable,
  ...totalsMove,
  ...lapsedClaims,
  ...resolvedFailures,
  ...parking,
  ...lateFailures,
  ...settlements,
  ...listing,
  ...paging,
  ...pagesWithRaws,
  ...totals,
  ...closing,
  ...tenantsApart,
  ...lookup,
  ...holders,
  ...reasonCounts,
  ...replays,
  ...attempts,
  ...rawTexts,
  ...orderedTotals,
  ...units,
  ...dimensions,
  ...names,
  ...keptTotals,
  ...calls,
  modelTest,
];
