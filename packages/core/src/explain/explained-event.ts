import type { CanonicalEvent, Provenance } from "../event.js";
import type { Issue } from "../issue.js";
import type { Place } from "../outcome.js";

/** The result of reading one event with a mapping. */
export interface ExplainedEvent extends Place {
  /** The fields that could be read. */
  readonly canonical: Partial<CanonicalEvent>;
  /** The source of each field's value. */
  readonly provenance: Provenance;
  /** The reasons why evt would reject the event. Empty if the event is valid. */
  readonly issues: readonly Issue[];
}
