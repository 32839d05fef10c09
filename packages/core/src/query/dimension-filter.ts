import type { DimensionFilter } from "../event.js";
import { isDimensionName } from "../normalize/dimensions.js";
import { quoted } from "../quoted.js";
import { checkedString, invalid } from "./query-range.js";

interface UnitAndDimensions {
  readonly unit?: string | null | undefined;
  readonly dimensions?: DimensionFilter | undefined;
}

/**
 * Returns the checked filters by unit and dimensions, with the dimensions in the order of their names.
 * @throws EvtError `EVT_INVALID_QUERY`
 */
export function checkedUnitAndDimensions({ unit, dimensions }: UnitAndDimensions): {
  readonly unit?: string | null;
  readonly dimensions?: DimensionFilter;
} {
  const checkedUnit = unit === null ? null : checkedString("unit", unit);
  const checked = checkedDimensions(dimensions);
  return {
    ...(checkedUnit !== undefined && { unit: checkedUnit }),
    ...(checked !== undefined && { dimensions: checked }),
  };
}

function checkedDimensions(dimensions: unknown = {}): DimensionFilter | undefined {
  if (typeof dimensions !== "object" || dimensions === null || Array.isArray(dimensions))
    throw invalid("dimensions", `dimensions is ${quoted(dimensions)}; use an object such as { plan: "pro" }`);
  const given = Object.entries(dimensions).filter(([, value]) => value !== undefined);
  if (given.length === 0) return undefined;
  return Object.fromEntries(
    given.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, checkedValue(name, value)]),
  );
}

function checkedValue(name: string, value: unknown): string | null {
  const parameter = `dimension.${name}`;
  checkDimensionName(name, parameter);
  return value === null ? null : (checkedString(parameter, value) ?? null);
}

/** @throws EvtError `EVT_INVALID_QUERY` @param parameter - the query parameter that contains the name */
export function checkDimensionName(name: string, parameter: string): void {
  if (isDimensionName(name)) return;
  throw invalid(
    parameter,
    `${quoted(name)} cannot be the name of a dimension; use a letter, then up to 62 letters, digits, "_" and "-"`,
  );
}
