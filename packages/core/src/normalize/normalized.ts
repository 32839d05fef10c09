import type { CanonicalEvent, Provenance } from "../event.js";
import type { Issue } from "../issue.js";

/** What is known about an event besides itself. */
export interface NormalizeContext {
  /** UTC, milliseconds. */
  readonly receivedAt: string;
  /** The authenticated client. */
  readonly clientId?: string | undefined;
  /** The key given beside the event. */
  readonly idempotencyKey?: string | undefined;
  /** Whether an event without a key will be given one made of its content. */
  readonly keyFollows?: boolean;
}

export interface Normalized {
  readonly outcome: "normalized";
  readonly event: CanonicalEvent;
  readonly provenance: Provenance;
  /** Whether the event itself said when it happened. */
  readonly stamped: boolean;
  /** Canonical JSON of what else takes part in the identity, `null` where nothing does. */
  readonly distinguishing: string | null;
}

export interface NotNormalized {
  readonly outcome: "rejected";
  /** What could be read all the same. */
  readonly event: Partial<CanonicalEvent>;
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
}
