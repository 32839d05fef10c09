import type { CanonicalEvent, Provenance } from "../event.js";
import type { Issue } from "../issue.js";
import type { Place } from "../outcome.js";

/** The result of reading one event with a mapping. */
export interface ExplainedEvent extends Place {
  /** The fields that could be read. */
  readonly canonical: Partial<CanonicalEvent>;
  /** The path from which each field was read. */
  readonly provenance: Provenance;
  /** The reasons why evt would reject the event. Empty if evt would accept the event. */
  readonly issues: readonly Issue[];
}
