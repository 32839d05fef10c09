import { canonicalJson, type IdentifyingJson, identifyingJson } from "../identity/canonical-json.js";
import type { Problem } from "../problem.js";
import { type Containers, type RawObject, valueAtAnyLevel } from "./field-lookup.js";
import type { Mapping } from "./mapping.js";

/** Returns canonical JSON of the raw data that the mapping's `identity` selects, or the problem. */
export function distinguishing(
  identity: NonNullable<Mapping["identity"]>,
  raw: RawObject,
  containers: Containers,
): IdentifyingJson | Problem {
  try {
    if (identity === "raw") return identifyingJson(raw);
    const found = identifyingJson(pick(raw, containers, identity.fields));
    if (found.former === undefined || containers.length === 0) return found;
    // an earlier version did not search containers, so it may have given the event a different identity
    const former = canonicalJson(pick(raw, [], identity.fields));
    return former === found.former ? found : { json: found.json, former: undefined };
  } catch (error) {
    const why = error instanceof TypeError ? error.message : "it is nested too deeply";
    const message = `the fields that identify this event have no canonical form: ${why}`;
    return { code: "identity_field_invalid", message };
  }
}

/**
 * Returns the fields with their values. Leaves missing fields out, so that a missing field differs from `null` and from
 * the empty string.
 */
function pick(raw: RawObject, containers: Containers, paths: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = Object.create(null);
  for (const path of paths) {
    const value = valueAtAnyLevel(raw, containers, path);
    if (value !== undefined) picked[path] = value;
  }
  return picked;
}
