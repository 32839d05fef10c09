import { describe, expect, it } from "vitest";
import { FieldLookup, Found, type RawObject } from "../../src/normalize/field-lookup.js";
import { Shapes } from "../../src/normalize/shape.js";
import { fc, test } from "../properties.js";

const CONTAINERS = ["payload", "data"];
const NAMES = ["a", "b", "c", "payload.a", "data.b", "x.y", "data"];

const value = fc.constantFrom<unknown>(1, "text", null, undefined);
const members = fc.dictionary(fc.constantFrom(...NAMES, "other"), value);
const raws = fc
  .tuple(
    members,
    fc.dictionary(fc.constantFrom(...CONTAINERS, "x"), fc.oneof(members, value), { noNullPrototype: true }),
    fc.boolean(),
  )
  .map(([own, inside, isFirst]): RawObject => (isFirst ? { ...inside, ...own } : { ...own, ...inside }));
const names = fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 4 });

function lookupsOf(each: readonly (readonly string[])[]): readonly FieldLookup[] {
  return each.map((aliases, i) => new FieldLookup(aliases, CONTAINERS, false, i));
}

describe("a shape", () => {
  test.prop([fc.array(names, { minLength: 1, maxLength: 4 }), fc.array(raws, { minLength: 1 })], {
    numRuns: 300,
  })("finds what a search for every alias finds", (fields, events) => {
    const lookups = lookupsOf(fields);
    const shapes = new Shapes(lookups, CONTAINERS);
    for (const raw of events) {
      const shape = shapes.of(raw);
      const containers = shapes.containersOf(raw, shape);
      const [only, ...others] = containers.filter((each) => each !== undefined);
      const contained = only && others.length === 0 ? shapes.of(only).aliases : undefined;
      for (const lookup of lookups) {
        const [short, full] = [new Found(), new Found()];
        const { index } = lookup;
        const isFound = lookup.first(raw, containers, short, shape.aliases[index], contained?.[index]);
        expect(isFound).toBe(lookup.first(raw, containers, full));
        expect(short).toEqual(full);
      }
    }
  });

  it("is the same for objects that differ only in members that no lookup needs", () => {
    const shapes = new Shapes(lookupsOf([["a"], ["b"]]), CONTAINERS);
    expect(shapes.of({ one: 1, a: 1, b: 2 })).toBe(shapes.of({ a: 3, two: 2, b: 4, three: 3 }));
    expect(shapes.of({ a: 1 })).not.toBe(shapes.of({ a: 1, b: 2 }));
  });

  it("is exact after more shapes than the cache holds", () => {
    const many = Array.from({ length: 40 }, (_, i) => `name${i}`);
    const shapes = new Shapes(lookupsOf(many.map((name) => [name])), []);
    for (const first of many)
      for (const second of many) {
        const { aliases } = shapes.of({ [first]: 1, [second]: 2 });
        const found = aliases.flatMap((each) => each.map(({ name }) => name));
        expect(new Set(found)).toEqual(new Set([first, second]));
      }
  });
});
