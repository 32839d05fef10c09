import type { Outcome, Preview } from "@evt/core";

const MESSAGE = "the stored event differs; a caller with the scope read can see how";

/**
 * Returns an outcome without the values of stored events, for a caller that may send events but not read them. Use it
 * with a minimal response, which omits the stored event itself. The result has no members in `differs` and no paths in
 * issues, because they may name members that only the stored event has.
 */
export function withoutStored<T extends Outcome | Preview>(outcome: T): T {
  if (outcome.outcome === "conflict")
    return { ...outcome, issues: outcome.issues.map(({ code }) => ({ code, path: "", message: MESSAGE })) };
  if (outcome.outcome === "duplicate" && outcome.differs !== undefined) return { ...outcome, differs: [] };
  return outcome;
}
