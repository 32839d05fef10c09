import { initial } from "./0001-initial.js";
import { replay } from "./0002-replay.js";
import { outbox } from "./0003-outbox.js";
import { publicationAndClocks } from "./0004-publication-and-clocks.js";
import { vouched } from "./0005-vouched.js";
import { settledFailures } from "./0006-settled-failures.js";
import { fillReasons } from "./0007-fill-reasons.js";
import { attemptTimes } from "./0008-attempt-times.js";
import { failureTexts } from "./0009-failure-texts.js";
import { claimHints } from "./0010-claim-hints.js";
import { dayTotals } from "./0011-day-totals.js";
import { fillDayTotals } from "./0012-fill-day-totals.js";
import { dropRollup } from "./0013-drop-rollup.js";
import { tallyByTenant } from "./0014-tally-by-tenant.js";
import { sealedMonths } from "./0015-sealed-months.js";
import { unitsAndDimensions } from "./0016-units-and-dimensions.js";
import { seenNames } from "./0017-seen-names.js";
import { fillSeenNames } from "./0018-fill-seen-names.js";
import { tallyTimes } from "./0019-tally-times.js";
import { combinations } from "./0020-combinations.js";

/** A step of the schema. A released step never changes. To change the schema again, add a step. */
export interface Migration {
  /** The step's number, from 1. */
  readonly version: number;
  /** A short name, for messages and file names. */
  readonly name: string;
  /** One or more SQL statements. They do not depend on the search path. */
  readonly sql: string;
}

/** A step and how it runs. */
export type Step = Migration & StepKind & Compatibility;

type StepKind =
  /** `sql` runs in one transaction. */
  | { readonly kind?: "transaction" }
  /**
   * `sql` is one statement that backfills the rows of `table` with a `ctid` in [$1, $2). It runs once for every
   * {@link PAGES_PER_SLICE} pages, each time in its own transaction. Running the statement again on the same rows must not
   * change anything.
   */
  | { readonly kind: "slices"; readonly table: string }
  /**
   * `sql` is one `create index concurrently`, which cannot run in a transaction. `index` is the name of the index.
   * Postgres cannot build an index of a partitioned table this way.
   */
  | { readonly kind: "index"; readonly index: string; readonly table: string };

interface Compatibility {
  /**
   * The oldest version whose processes can still run on this schema. After this step is applied, processes of older
   * versions refuse to run. Set it only if the step breaks older processes: during a rolling deployment, older
   * processes run on the new schema too. @defaultValue 1
   */
  readonly oldestCompatible?: number;
}

/** The number of pages in a slice. It is small, so that a slice holds its row locks only briefly. */
export const PAGES_PER_SLICE = 64;

/** Returns every step in order. `schema` is a quoted identifier. */
export function migrationsIn(schema: string): readonly Step[] {
  return [
    { version: 1, name: "initial", sql: initial(schema) },
    { version: 2, name: "replay", sql: replay(schema) },
    { version: 3, name: "outbox", sql: outbox(schema) },
    { version: 4, name: "publication and clocks", sql: publicationAndClocks(schema) },
    { version: 5, name: "vouched", sql: vouched(schema) },
    {
      version: 6,
      name: "settled failures",
      kind: "index",
      index: "parked_settled",
      table: "parked",
      sql: settledFailures(schema),
    },
    { version: 7, name: "fill reasons", sql: fillReasons(schema), kind: "slices", table: "parked" },
    { version: 8, name: "attempt times", sql: attemptTimes(schema) },
    {
      version: 9,
      name: "failure texts",
      kind: "index",
      index: "parked_failure_text",
      table: "parked",
      sql: failureTexts(schema),
    },
    { version: 10, name: "claim hints", sql: claimHints(schema) },
    { version: 11, name: "day totals", sql: dayTotals(schema) },
    {
      version: 12,
      name: "fill day totals",
      sql: fillDayTotals(schema),
      kind: "slices",
      table: "rollup",
    },
    { version: 13, name: "drop rollup", sql: dropRollup(schema) },
    {
      version: 14,
      name: "tally by tenant",
      kind: "index",
      index: "tally_by_tenant",
      table: "tally",
      sql: tallyByTenant(schema),
    },
    { version: 15, name: "sealed months", sql: sealedMonths(schema) },
    { version: 16, name: "units and dimensions", sql: unitsAndDimensions(schema) },
    { version: 17, name: "seen names", sql: seenNames(schema) },
    {
      version: 18,
      name: "fill seen names",
      sql: fillSeenNames(schema),
      kind: "slices",
      table: "day_total",
    },
    { version: 19, name: "tally times", sql: tallyTimes(schema) },
    { version: 20, name: "combinations", sql: combinations(schema) },
  ];
}
