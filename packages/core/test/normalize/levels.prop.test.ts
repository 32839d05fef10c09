import { describe, expect } from "vitest";
import type { Field } from "../../src/issue.js";
import { type Mapping, namesOf } from "../../src/normalize/mapping.js";
import { createNormalize } from "../../src/normalize/normalize.js";
import type { NormalizeContext } from "../../src/normalize/normalized.js";
import { fc, test } from "../properties.js";

const receivedAt = "2026-03-01T12:00:00.000Z";
const FIELDS: readonly Field[] = ["clientId", "metric", "amount", "timestamp", "idempotencyKey"];
const CONTAINERS = ["payload", "data", "properties", "attributes"];
const names = FIELDS.flatMap((field) => namesOf(field, {}));

const value = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom("a", "b", "7", 7, 12.5, "2024-01-01", "2024-02-02T10:00:00Z", 1_700_000_000),
  },
  { weight: 1, arbitrary: fc.oneof(fc.constantFrom(null, "", true, -1), fc.jsonValue({ maxDepth: 1 })) },
);
const members = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string({ minLength: 1 })), value, {
  maxKeys: 6,
});
const containers = fc.dictionary(
  fc.constantFrom(...CONTAINERS),
  fc.oneof({ weight: 4, arbitrary: members }, { weight: 1, arbitrary: value }),
);
const mapping: fc.Arbitrary<Mapping> = fc.record(
  {
    fields: fc.dictionary(
      fc.constantFrom(...FIELDS),
      fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }),
    ),
    defaults: fc.constant({ clientId: "default", amount: "1" }),
    unwrap: fc.constant(false as const),
    identity: fc.constant({ fields: ["name", "value", "id"] }),
  },
  // an array of objects without a metric may be an envelope, which is refused as a whole
  { requiredKeys: ["unwrap"] },
);
const context: fc.Arbitrary<NormalizeContext> = fc.record(
  { receivedAt: fc.constant(receivedAt), clientId: fc.constantFrom("a", "b") },
  { requiredKeys: ["receivedAt"] },
);

/** What the event's own level says about a field: its value, or what is wrong with it. */
function saidByOwnLevel(raw: object, mapping: Mapping, about: NormalizeContext) {
  const result = createNormalize(mapping)(raw, about);
  const issues = result.outcome === "rejected" ? result.issues : [];
  return FIELDS.flatMap((field) => {
    const isOwn = (at: string) => Object.hasOwn(raw, at) && namesOf(field, mapping).includes(at);
    const path = result.provenance[field] ?? "";
    const own = issues.filter((issue) => isOwn(issue.path));
    return isOwn(path) || own.length > 0 ? [{ field, path, value: result.event[field], issues: own }] : [];
  });
}

describe("the event's own level", () => {
  test.prop([members, containers, mapping, context], { numRuns: 2_000 })(
    "is read the same, regardless of the members of containers",
    (own, inside, mapping, about) => {
      const said = saidByOwnLevel(own, mapping, about);
      // a name of a field can be that of a container only in `own`, which wins
      const withContainers = { ...inside, ...own };
      const saidNow = saidByOwnLevel(withContainers, mapping, about);
      for (const each of said) expect(saidNow).toContainEqual(each);
    },
  );

  test.prop([members, containers, containers, context], { numRuns: 1_000 })(
    "alone determines an event that has every field there",
    (own, one, other, about) => {
      const whole = { ...own, clientId: "a", metric: "m", amount: 1, timestamp: "2024-01-01", eventId: "k" };
      const normalize = createNormalize();
      expect(normalize({ ...one, ...whole }, about)).toEqual(normalize({ ...other, ...whole }, about));
    },
  );
});
