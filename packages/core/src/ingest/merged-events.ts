import type { Outcome } from "../outcome.js";
import type { EventRecord } from "../store.js";

/**
 * Adds `sameAs` to each duplicate of an earlier event of the same call: the index of the first event with this identity
 * and content. `recordsOf` returns one item for each outcome, `null` for a refused event.
 */
export function withSameAs(
  outcomes: readonly Outcome[],
  recordsOf: () => readonly (EventRecord | null)[],
): readonly Outcome[] {
  if (outcomes.length < 2 || !outcomes.some(({ outcome }) => outcome === "duplicate")) return outcomes;
  const records = recordsOf();
  if (allDiffer(records)) return outcomes;
  const firsts = new FirstEvents();
  return outcomes.map((outcome, index) => {
    const record = records[index] ?? null;
    const sameAs = record === null ? index : firsts.of(record, index);
    return sameAs !== index && outcome.outcome === "duplicate" ? { ...outcome, sameAs } : outcome;
  });
}

/** Returns whether all identities differ, as in most calls. This check is faster than the search for equal events. */
function allDiffer(records: readonly (EventRecord | null)[]): boolean {
  const identities = new Set<string>();
  let known = 0;
  for (const record of records) {
    if (record === null) continue;
    identities.add(record.identity);
    known++;
  }
  return identities.size === known;
}

/** The first event with each identity and content. */
export class FirstEvents {
  readonly #indexes = new Map<string, number>();

  /**
   * Returns the index of the first event with the identity and content of event `index`. Must be called for the events in
   * order.
   */
  of({ tenantId, identity, fingerprint }: EventRecord, index: number): number {
    // hashes have a fixed length, so different events have different keys
    const key = identity + fingerprint + tenantId;
    const first = this.#indexes.get(key);
    if (first !== undefined) return first;
    this.#indexes.set(key, index);
    return index;
  }
}

/** Returns the outcome without the stored event's raw event, unless that raw event equals the caller's own. */
export function withoutOtherRaw(outcome: Outcome, { rawJson: own }: EventRecord): Outcome {
  if (outcome.outcome !== "duplicate" && outcome.outcome !== "conflict") return outcome;
  const { event } = outcome;
  if (event === null || event.rawJson === null || event.rawJson === own) return outcome;
  return { ...outcome, event: { ...event, rawJson: null, rawOmitted: true } };
}
