import { canonicalJson } from "../identity/canonical-json.js";
import type { Problem } from "../problem.js";
import { type RawObject, valueAt } from "./field-lookup.js";
import type { Mapping } from "./mapping.js";

/** Returns canonical JSON of the further fields that belong to the identity, or the problem. */
export function distinguishing(identity: NonNullable<Mapping["identity"]>, raw: RawObject): string | Problem {
  try {
    return canonicalJson(identity === "raw" ? raw : pick(raw, identity.fields));
  } catch (error) {
    const why = error instanceof TypeError ? error.message : "it is nested too deeply";
    const message = `the fields that identify this event have no canonical form: ${why}`;
    return { code: "identity_field_invalid", message };
  }
}

/** Leaves missing fields out: a missing field differs from `null` and from the empty string. */
function pick(raw: RawObject, paths: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = Object.create(null);
  for (const path of paths) {
    const value = valueAt(raw, path);
    if (value !== undefined) picked[path] = value;
  }
  return picked;
}
