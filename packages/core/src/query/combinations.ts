import type { Mapping } from "../normalize/mapping.js";
import { checkKnown } from "../option-checks.js";
import { quoted } from "../quoted.js";
import type { Store, TotalsCombination } from "../store.js";
import { DIMENSION } from "./total-order.js";

/** A key of kept totals: `clientId`, `metric`, or the name of a dimension, with or without the prefix `dimension.`. */
export type TotalsKey = string;

/** Options for the totals that a store keeps. */
export interface TotalsOptions {
  /**
   * Combinations of keys, such as `[["metric", "plan"]]`. Each needs a dimension that a mapping declares, because totals by
   * client and metric are always kept. Totals of fewer keys are computed from the smallest combination that has them all.
   * Processes may have different combinations: the store keeps those of all processes.
   */
  readonly by: readonly (readonly TotalsKey[])[];
}

/** The options of `createEvt` that concern kept totals. */
interface Options {
  readonly store: Store;
  readonly mapping?: Mapping | undefined;
  readonly mappings?: Readonly<Record<string, Mapping>> | undefined;
  readonly totals?: TotalsOptions | undefined;
}

const EXAMPLE = '[["metric", "plan"]]';

/** Returns the combinations whose totals the store keeps. @throws TypeError that names the wrong member */
export function combinationsOf(options: Options): readonly TotalsCombination[] {
  const { totals, store } = options;
  if (totals === undefined) return [];
  checkKnown("totals", totals, ["by"]);
  const { by } = totals;
  if (!Array.isArray(by))
    throw new TypeError(`totals.by is ${quoted(by)}; it must be an array such as ${EXAMPLE}`);
  if (by.length > 0 && typeof store.keepTotals !== "function")
    throw new TypeError("totals.by needs a store with the method keepTotals");
  const declared = declaredDimensions(options);
  const combinations = by.map((keys, i) => combinationOf(keys, `totals.by[${i}]`, declared));
  return [...new Map(combinations.map((each) => [JSON.stringify(each), each])).values()];
}

function declaredDimensions({ mapping, mappings = {} }: Options): ReadonlySet<string> {
  const all = [mapping, ...Object.values(mappings)];
  return new Set(all.flatMap((each) => Object.keys(each?.dimensions ?? {})));
}

function combinationOf(keys: unknown, what: string, declared: ReadonlySet<string>): TotalsCombination {
  if (!Array.isArray(keys))
    throw new TypeError(`${what} is ${quoted(keys)}; it must be an array such as ["metric", "plan"]`);
  const names = keys.filter((key) => key !== "clientId" && key !== "metric").map((key) => nameOf(key, what));
  const unknown = names.find((name) => !declared.has(name));
  if (unknown !== undefined)
    throw new TypeError(
      `${what} has ${quoted(unknown)}, which no mapping declares; use clientId, metric and names of mapping.dimensions`,
    );
  if (names.length === 0)
    throw new TypeError(`${what} has no dimension; totals by clientId and metric are always kept`);
  return {
    byClientId: keys.includes("clientId"),
    byMetric: keys.includes("metric"),
    byDimensions: [...new Set(names)].sort(),
  };
}

function nameOf(key: unknown, what: string): string {
  if (typeof key !== "string") throw new TypeError(`${what} has ${quoted(key)}; it must have strings`);
  return key.startsWith(DIMENSION) ? key.slice(DIMENSION.length) : key;
}
