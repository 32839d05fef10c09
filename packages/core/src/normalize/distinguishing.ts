import { canonicalJson } from "../identity/canonical-json.js";
import type { Problem } from "../problem.js";
import { type RawObject, valueAt } from "./field-lookup.js";
import type { Mapping } from "./mapping.js";

/** Canonical JSON of what takes part in the identity besides the content, or why it has none. */
export function distinguishing(identity: NonNullable<Mapping["identity"]>, raw: RawObject): string | Problem {
  try {
    return canonicalJson(identity === "raw" ? raw : pick(raw, identity.fields));
  } catch (error) {
    const why = error instanceof TypeError ? error.message : "it is nested too deeply";
    const message = `what identifies this event has no canonical form: ${why}`;
    return { code: "identity_field_invalid", message };
  }
}

/** A missing field is left out: it is neither null nor the empty text. */
function pick(raw: RawObject, paths: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = Object.create(null);
  for (const path of paths) {
    const value = valueAt(raw, path);
    if (value !== undefined) picked[path] = value;
  }
  return picked;
}
