import type { CanonicalEvent, Provenance } from "../event.js";
import type { Issue } from "../issue.js";
import type { Place } from "../outcome.js";

/** What a mapping reads from one event. */
export interface ExplainedEvent extends Place {
  /** The fields that could be read. */
  readonly canonical: Partial<CanonicalEvent>;
  /** Where each field was read from. */
  readonly provenance: Provenance;
  /** Why the event would be rejected. Empty if it would not. */
  readonly issues: readonly Issue[];
}
