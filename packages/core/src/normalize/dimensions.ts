import type { DimensionKey } from "../event.js";
import type { Problem } from "../problem.js";
import type { FieldLookup } from "./field-lookup.js";
import type { Mapping } from "./mapping.js";
import { parseText } from "./text.js";

/** Maximum number of dimensions of a mapping. */
export const MOST_DIMENSIONS = 8;

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

/** Returns whether a string can be the name of a dimension: a letter, then up to 62 letters, digits, `_` and `-`. */
export function isDimensionName(name: string): boolean {
  return NAME.test(name);
}

/** A dimension of a mapping, ready to be read. */
export interface CompiledDimension {
  readonly name: string;
  readonly key: DimensionKey;
  readonly lookup: FieldLookup;
  readonly parse: (value: unknown) => string | Problem;
}

/** Returns the dimensions of a mapping in the order of their names, which is their order in an identity. */
export function compiledDimensions(
  { dimensions = {} }: Mapping,
  lookup: (names: readonly string[]) => FieldLookup,
): readonly CompiledDimension[] {
  return Object.keys(dimensions)
    .sort()
    .map((name) => {
      const key: DimensionKey = `dimension.${name}`;
      return {
        name,
        key,
        lookup: lookup([dimensions[name] ?? []].flat()),
        parse: (value) => parseText(value, key, "dimension_invalid"),
      };
    });
}
